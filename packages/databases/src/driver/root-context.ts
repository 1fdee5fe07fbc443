import { AsyncLocalStorage } from 'node:async_hooks'
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { bindCallbacks, type Method } from './callbacks.ts'
import { overrideMethod } from './traced.ts'

// A request may be what loads the package, so its trace is still to be left below.
const atLoading = AsyncLocalStorage.snapshot()

/** Runs a function outside any request: in the context active when tracing was loaded, and no trace. */
export function runInRootContext<T>(run: () => T): T {
  return atLoading(() => context.with(ROOT_CONTEXT, run))
}

/**
 * Makes an instance run one of its methods outside any request, with the callbacks in the context of
 * the call. What a socket or a timer emits runs in the context that made it, which would be the
 * request that happened to need a connection first.
 */
export function callInRootContext<Name extends string>(
  target: Record<Name, Method>,
  name: Name,
): void {
  const original = target[name]
  // A driver may hand out views of the instance, for which `this` is one of them.
  overrideMethod(target, name, function (this: unknown, ...args: unknown[]): unknown {
    const bound = bindCallbacks(args)
    return runInRootContext(() => original.apply(this, bound))
  })
}

/**
 * Makes an instance whose connection is open already emit these events outside any request: its
 * socket was made by the first request that needed it.
 */
export function emitInRootContext(target: object, events: readonly string[]): void {
  const emitter = target as { emit?: Method }
  const original = emitter.emit
  if (typeof original !== 'function') return
  overrideMethod(target, 'emit', function (this: unknown, ...args: unknown[]): unknown {
    if (!events.includes(String(args[0]))) return original.apply(this, args)
    return runInRootContext(() => original.apply(this, args))
  })
}
