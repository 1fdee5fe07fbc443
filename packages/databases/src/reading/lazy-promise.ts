/**
 * A Promise that runs its function only once, and not before somebody awaits it: a query builder is
 * neither run for nothing nor run twice.
 */
export class LazyPromise extends Promise<unknown> {
  #start: (() => void) | undefined

  // What is chained to it is a plain Promise.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  /** @param run asks for the outcome */
  static of(run: () => PromiseLike<unknown>): LazyPromise {
    let settle: (outcome: unknown) => void = () => {}
    const lazy = new LazyPromise((resolve) => {
      settle = resolve
    })
    lazy.#start = () => settle(new Promise((resolve, reject) => run().then(resolve, reject)))
    return lazy
  }

  // biome-ignore lint/suspicious/noThenProperty: this is when it is awaited.
  override then<T = unknown, E = never>(
    fulfilled?: ((value: unknown) => T | PromiseLike<T>) | null,
    rejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    const start = this.#start
    this.#start = undefined
    start?.()
    return super.then(fulfilled, rejected)
  }
}
