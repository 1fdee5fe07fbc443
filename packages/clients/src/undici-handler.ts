import { UNREAD_AFTER } from './attempt.ts'
import type { Call } from './call.ts'
import { leave } from './call-context.ts'
import { guarded } from './guarded.ts'

type Callback = (...args: unknown[]) => unknown
type Watchers = Readonly<Record<string, Callback>>

/**
 * Watches the handler of a dispatch, be it undici 6's (`onHeaders`) or a later one's
 * (`onResponseStart`): returns one that tells the call first, and is the application's in all else.
 */
export function watchHandler<H extends object>(call: Call, handler: H): H {
  const body = new Body()
  const watchers = 'onRequestStart' in handler ? newWatchers(call, body) : oldWatchers(call, body)
  return new Proxy(handler, {
    get: (target, name) => {
      const given: unknown = Reflect.get(target, name)
      const watch = typeof name === 'string' ? watchers[name] : undefined
      if (typeof given !== 'function') return given ?? watch
      return (...args: unknown[]) => {
        if (watch !== undefined) guarded('undici', () => watch(...args))
        const result: unknown = Reflect.apply(given, target, args)
        if (name === 'onData') body.heldBack = result === false
        return result
      }
    },
  })
}

function newWatchers(call: Call, body: Body): Watchers {
  return {
    onResponseStart: (controller, status) => body.begin(call, status, controller),
    onResponseData: () => body.data(),
    onResponseEnd: () => over(call, () => call.current?.end()),
    onResponseError: (_, error) => over(call, () => call.fail(error)),
    onRequestUpgrade: (_, status) => over(call, () => upgraded(call, status)),
  }
}

function oldWatchers(call: Call, body: Body): Watchers {
  return {
    onHeaders: (status) => body.begin(call, status),
    onData: () => body.data(),
    onComplete: () => over(call, () => call.current?.end()),
    onError: (error) => over(call, () => call.fail(error)),
    onUpgrade: (status) => over(call, () => upgraded(call, status)),
  }
}

function over(call: Call, end: () => void): void {
  leave(call)
  end()
}

function upgraded({ current }: Call, status: unknown): void {
  current?.headers(Number(status))
  current?.end()
}

// A body that is not read is held back once buffers are full, and no more of it comes.
class Body {
  heldBack = false
  #lastData = 0

  begin({ current }: Call, status: unknown, controller?: unknown): void {
    // What comes before is not the response yet: 100 Continue, 103 Early Hints.
    if (Number(status) < 200 || current === undefined) return
    current.headers(Number(status))
    const isHeldBack = (): boolean =>
      this.heldBack || (controller as { paused?: unknown } | undefined)?.paused === true
    current.endWhenUnread(
      () => isHeldBack() && performance.now() - this.#lastData > UNREAD_AFTER / 2,
    )
  }

  data(): void {
    this.#lastData = performance.now()
  }
}
