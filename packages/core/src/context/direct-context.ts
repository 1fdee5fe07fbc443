import type { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, context, ROOT_CONTEXT } from '@opentelemetry/api'
import { API_GLOBAL, CONTEXT_STORAGE } from '../otel/shared-keys.ts'

/** A context manager of ours, with what it keeps contexts in. */
interface OwnManager {
  readonly [CONTEXT_STORAGE]?: AsyncLocalStorage<Context>
}

interface Registered {
  readonly [API_GLOBAL]?: { readonly context?: OwnManager }
}

let manager: OwnManager | undefined
let storage: AsyncLocalStorage<Context> | undefined

/**
 * `context.active()` of OpenTelemetry's API, which looks for the registered manager and compares versions
 * at each call: where that manager is one of ours, its storage is read without it.
 */
export function activeContext(): Context {
  const own = ownStorage()
  return own === undefined ? context.active() : (own.getStore() ?? ROOT_CONTEXT)
}

/** `context.with()` of OpenTelemetry's API, in the same way. */
export function enterContext<A extends unknown[], T>(
  entered: Context,
  callback: (...args: A) => T,
  ...args: A
): T {
  const own = ownStorage()
  return own === undefined
    ? context.with(entered, callback, undefined, ...args)
    : own.run(entered, callback, ...args)
}

// Asked each time: another manager may be registered meanwhile, or none.
function ownStorage(): AsyncLocalStorage<Context> | undefined {
  const registered = (globalThis as Registered)[API_GLOBAL]?.context
  if (registered !== manager) {
    manager = registered
    storage = registered?.[CONTEXT_STORAGE]
  }
  return storage
}
