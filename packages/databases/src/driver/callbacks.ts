import { AsyncResource } from 'node:async_hooks'

/** A function of a driver's, or a callback of the application's. */
export type Method = (...args: unknown[]) => unknown

/** The same arguments, with every callback bound to the context of now. */
export function bindCallbacks(args: readonly unknown[]): unknown[] {
  return args.map((arg) => (typeof arg === 'function' ? AsyncResource.bind(arg as Method) : arg))
}
