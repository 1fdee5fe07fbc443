// OpenTelemetry's own key, by its published name: the API does not tell whether something is registered.
const API = Symbol.for('opentelemetry.js.api.1')

/** Whether somebody has registered one with OpenTelemetry's API. */
export function isRegistered(what: 'diag' | 'metrics'): boolean {
  return Reflect.get(globalThis, API)?.[what] !== undefined
}
