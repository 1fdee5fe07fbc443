import { count } from '@callchain/core/internal'
import { warn } from '../report/warning.ts'

/** Counts what was struck out, by rule and never by value. */
export interface RedactionReport {
  /** `rule` is a key as the table has it, or the name of a shape. */
  struck(rule: string): void
  /** A span's name had a secret in it, which is a fault of the route: said once. */
  renamed(name: string): void
}

/** A report to the metric `callchain.redacted`, and to stderr. */
export function createRedactionReport(): RedactionReport {
  let said = false
  return {
    struck: (rule) => count('callchain.redacted', 1, { rule }),
    renamed(name) {
      if (said) return
      said = true
      warn(
        `the name of a span holds what redact strikes out; it is sent as ${JSON.stringify(name.slice(0, 200))}. Names are for what recurs: put values into attributes`,
      )
    },
  }
}
