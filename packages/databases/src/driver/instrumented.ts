import type { Method } from './callbacks.ts'

interface Wrapped {
  readonly __wrapped?: unknown
  readonly __original?: unknown
}

// The methods that instrumentations of drivers replace.
const METHODS = ['query', 'execute', 'connect', 'getConnection', 'sendCommand']

/**
 * Restores the driver's own methods on an instance where an instrumentation of OpenTelemetry has
 * replaced them: a statement is to have one span, and to be measured once. The class that the instance
 * makes its connections of is restored as well; other instances stay as they are.
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

/** The driver's own method; `undefined` when it was not replaced. */
function originalOf(target: object, name: string): Method | undefined {
  let method = (target as Record<string, unknown>)[name]
  let found: Method | undefined
  // One instrumentation may wrap another.
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
