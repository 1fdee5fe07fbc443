import { types } from 'node:util'
import { diag } from '@opentelemetry/api'

/** Runs a hook of the application's; what it throws goes to `diag` and no further. */
export function guard<T>(name: string, hook: () => T): T | undefined {
  try {
    const result = hook()
    // A promise that nobody waits for would end the process when it rejects.
    if (types.isPromise(result))
      result.catch((error) => diag.error(`callchain: ${name} rejected`, error))
    return result
  } catch (error) {
    noteThrown(name, error)
    return undefined
  }
}

/**
 * Says to `diag` what was thrown. With a `try` around it, a step that every call takes is guarded
 * without a closure; hooks of the application go through `guard`.
 */
export function noteThrown(name: string, error: unknown): void {
  diag.error(`callchain: ${name} threw`, error)
}
