import type { Method } from './callbacks.ts'

interface Wrapped {
  readonly __wrapped?: unknown
  readonly __original?: unknown
}

// What instrumentations of drivers put something of their own in place of.
const METHODS = ['query', 'execute', 'connect', 'getConnection', 'sendCommand']

/**
 * Gives an instance back the driver's own methods where an instrumentation of OpenTelemetry's has put
 * others in their place: a statement is to have one span, and to be measured once. What the instance
 * makes connections of gets its own as well; other instances stay as they are.
 */
export function bypassInstrumentations(target: object): void {
  restoreMethods(target)
  const { Client } = target as { Client?: unknown }
  if (typeof Client !== 'function' || !isInstrumented(Client.prototype)) return
  const Plain = class extends (Client as new (...args: unknown[]) => object) {}
  Object.defineProperty(Plain, 'name', { value: Client.name })
  restoreMethods(Plain.prototype)
  Object.defineProperty(target, 'Client', { value: Plain, configurable: true, writable: true })
}

function isInstrumented(target: object): boolean {
  return METHODS.some((name) => originalOf(target, name) !== undefined)
}

function restoreMethods(target: object): void {
  for (const name of METHODS) {
    const value = originalOf(target, name)
    if (value === undefined) continue
    Object.defineProperty(target, name, { value, configurable: true, writable: true })
  }
}

/** The driver's own method; `undefined` when none is in its place. */
function originalOf(target: object, name: string): Method | undefined {
  let method = (target as Record<string, unknown>)[name]
  let found: Method | undefined
  // One may stand before another.
  while (isWrapped(method)) {
    found = method.__original
    method = found
  }
  return found
}

// As `isWrapped()` of @opentelemetry/instrumentation tells.
function isWrapped(method: unknown): method is { readonly __original: Method } {
  const { __wrapped, __original } = (method ?? {}) as Wrapped
  return typeof method === 'function' && __wrapped === true && typeof __original === 'function'
}
