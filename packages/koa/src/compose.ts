import type { Middleware } from 'koa'

/** Composes middleware as Koa does, for Koa 2, which keeps its own function for it to itself. */
export function compose(steps: readonly Middleware[]): Middleware {
  return (ctx, next) => {
    let reached = -1
    return enter(0)

    async function enter(index: number): Promise<unknown> {
      if (index <= reached) throw new Error('next() called multiple times')
      reached = index
      const step = steps[index]
      return step === undefined ? next() : step(ctx, () => enter(index + 1))
    }
  }
}
