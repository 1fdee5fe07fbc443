import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api'
import { CONTEXT_STORAGE } from '../otel/shared-keys.ts'
import { bindEmitter } from './emitter-binding.ts'

type Callback = (...args: unknown[]) => unknown

/** What `attach` returns: `dispose()` brings the context before it back. Only its first call counts. */
interface AttachedContext {
  dispose(): void
}

/** A context manager that can attach, as version 1.10 of OpenTelemetry's API has it. */
interface AttachingContextManager extends ContextManager {
  /**
   * Makes a context the active one until its token is disposed, for callbacks that `with` cannot
   * wrap. Inside an async function, before its first `await`, it is active in the caller as well.
   */
  attach(entered: Context): AttachedContext
}

/**
 * Makes a context manager on AsyncLocalStorage. It enters a context with `run`, so nothing of one
 * request outlives it in another; `attach` alone does not, since its callers cannot.
 *
 * @example
 * ```ts
 * context.setGlobalContextManager(createContextManager().enable())
 * trace.setGlobalTracerProvider(provider)
 * propagation.setGlobalPropagator(createPropagator())
 * ```
 */
export function createContextManager(): AttachingContextManager {
  return new AsyncLocalStorageManager()
}

class AsyncLocalStorageManager implements AttachingContextManager {
  readonly [CONTEXT_STORAGE] = new AsyncLocalStorage<Context>()

  active(): Context {
    return this[CONTEXT_STORAGE].getStore() ?? ROOT_CONTEXT
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    entered: Context,
    callback: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const run = thisArg === undefined ? callback : callback.bind(thisArg)
    return this[CONTEXT_STORAGE].run(entered, run as (...args: A) => ReturnType<F>, ...args)
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

  attach(entered: Context): AttachedContext {
    const before = this.active()
    let attached = true
    this[CONTEXT_STORAGE].enterWith(entered)
    return {
      dispose: () => {
        if (attached) this[CONTEXT_STORAGE].enterWith(before)
        attached = false
      },
    }
  }

  enable(): this {
    return this
  }

  disable(): this {
    this[CONTEXT_STORAGE].disable()
    return this
  }
}
