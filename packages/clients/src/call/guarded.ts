import { diag } from '@opentelemetry/api'

/** Runs a part of tracing; what it throws goes to `diag` and never to the application. */
export function guarded<T>(what: string, part: () => T): T | undefined {
  try {
    return part()
  } catch (error) {
    diag.error(`callchain: tracing ${what} threw`, error)
    return undefined
  }
}
