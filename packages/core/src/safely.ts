import { diag } from '@opentelemetry/api'

/** Runs a hook of the application's; what it throws goes to `diag` and no further. */
export function safely<T>(name: string, hook: () => T): T | undefined {
  try {
    return hook()
  } catch (error) {
    diag.error(`callchain: ${name} threw`, error)
    return undefined
  }
}
