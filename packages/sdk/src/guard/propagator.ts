import type { Context, TextMapPropagator } from '@opentelemetry/api'
import { createFaultReport } from '../report/fault-report.ts'
import { warn } from '../report/warning.ts'

/** A propagator of the application's whose failures end nothing: they are counted and said. */
export function guardPropagator(propagator: TextMapPropagator): TextMapPropagator {
  const faults = createFaultReport('the propagator', warn)
  return {
    inject(context, carrier, setter) {
      faults.guard(() => propagator.inject(context, carrier, setter))
    },
    extract(context, carrier, getter) {
      const extracted = faults.guard(() => propagator.extract(context, carrier, getter))
      if (isContext(extracted)) return extracted
      if (extracted !== undefined) faults.add('extract() did not return a context')
      return context
    },
    fields() {
      const names: unknown = faults.guard(() => propagator.fields())
      return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
    },
  }
}

function isContext(value: unknown): value is Context {
  return typeof value === 'object' && value !== null && 'getValue' in value && 'setValue' in value
}
