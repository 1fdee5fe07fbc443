import type { CurrentTrace } from '@callchain/core'
import { lineFields } from '@callchain/core/internal'

/**
 * The trace and the identity of the current request as fields for a log line: `trace_id`, `span_id`,
 * `trace_flags` (two hexadecimal digits), `tenant_id`, `user_id` and what else is declared for logs.
 * A fresh object each time, which the caller may change; empty outside a trace.
 *
 * @example
 * ```ts
 * import { logFields } from '@callchain/logs'
 *
 * console.log(JSON.stringify({ message: 'sold out', ...logFields() }))
 * ```
 */
export function logFields(): Record<string, string> {
  return { ...sharedLogFields() }
}

/** The same for who does not change what it gets. */
export function sharedLogFields(): Readonly<Record<string, string>> {
  return lineFields(plainFields)
}

function plainFields(
  trace: CurrentTrace | undefined,
  identity: Readonly<Record<string, string>>,
): Record<string, string> {
  if (trace === undefined) return identity
  return {
    trace_id: trace.traceId,
    span_id: trace.spanId,
    trace_flags: trace.traceFlags,
    ...identity,
  }
}
