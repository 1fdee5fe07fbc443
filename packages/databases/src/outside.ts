import { AsyncLocalStorage } from 'node:async_hooks'
import { bindCallbacks, type Method } from './method.ts'
import { overrideMethod } from './traced.ts'

/**
 * Makes an instance run one of its methods in the context of now, whoever calls it, with the
 * callbacks in the context of the call. What a socket or a timer emits runs in the context that made
 * it: so it is in that of whoever traced the instance, rather than of the request that happened to
 * need a connection first. Returns what runs a function there.
 */
export function callOutside<Name extends string>(
  target: Record<Name, Method>,
  name: Name,
): <T>(run: () => T) => T {
  const original = target[name]
  const outside = AsyncLocalStorage.snapshot()
  // A driver may hand out views of the instance, for which `this` is one of them.
  overrideMethod(target, name, function (this: unknown, ...args: unknown[]): unknown {
    const bound = bindCallbacks(args)
    return outside(() => original.apply(this, bound))
  })
  return outside
}
