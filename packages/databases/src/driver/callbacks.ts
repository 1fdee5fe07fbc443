import { AsyncResource } from 'node:async_hooks'

/** A function of a driver, or a callback of the application. */
export type Method = (...args: unknown[]) => unknown

/** The same arguments, with every callback bound to the context that is active now. */
export function bindCallbacks(args: readonly unknown[]): unknown[] {
  return args.map((arg) => (typeof arg === 'function' ? AsyncResource.bind(arg as Method) : arg))
}
