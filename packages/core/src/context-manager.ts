import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api'
import { bindEmitter } from './emitter-binding.ts'

type Callback = (...args: unknown[]) => unknown

/**
 * Makes a context manager on AsyncLocalStorage. It enters a context only with `run`, so nothing of
 * one request outlives it in another.
 */
export function createContextManager(): ContextManager {
  return new AsyncLocalStorageManager()
}

class AsyncLocalStorageManager implements ContextManager {
  private readonly storage = new AsyncLocalStorage<Context>()

  active(): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    entered: Context,
    callback: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const run = thisArg === undefined ? callback : callback.bind(thisArg)
    return this.storage.run(entered, run as (...args: A) => ReturnType<F>, ...args)
  }

  bind<T>(entered: Context, target: T): T {
    if (target instanceof EventEmitter) bindEmitter(target, entered, undefined, true)
    if (typeof target !== 'function') return target
    const manager = this
    const callback = target as unknown as Callback
    function bound(this: unknown, ...args: unknown[]): unknown {
      return manager.with(entered, callback, this, ...args)
    }
    Object.defineProperty(bound, 'length', { value: callback.length })
    return bound as unknown as T
  }

  enable(): this {
    return this
  }

  disable(): this {
    this.storage.disable()
    return this
  }
}
