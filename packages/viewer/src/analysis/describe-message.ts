import type { MessageFacts } from '../contract/trace.ts'
import { firstAttribute } from '../model/attributes.ts'
import { BATCH_COUNT } from '../model/conventions.ts'
import type { SpanRow } from '../model/rows.ts'
import { nanosToMillis } from '../model/time.ts'
import { destinationOf, messageSystem } from '../trace/destination.ts'
import { messageStep } from '../trace/message.ts'
import { delaysOf, sendersOf, type Traces } from '../trace/queue-delay.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** What a span does with messages; undefined when nothing. */
export function describeMessage(
  span: SpanRow,
  record: TraceRecord,
  traces: Traces,
): MessageFacts | undefined {
  const step = messageStep(span)
  if (step === undefined) return undefined
  const count = Number(firstAttribute(span, BATCH_COUNT) ?? Number.NaN)
  return {
    step,
    system: messageSystem(span),
    queue: destinationOf(span) || undefined,
    count: Number.isInteger(count) && count >= 0 ? count : undefined,
    waited: step === 'process' ? waitedOf(span, record, traces) : undefined,
  }
}

function waitedOf(span: SpanRow, record: TraceRecord, traces: Traces): number | undefined {
  const delays = delaysOf(span, sendersOf(span, record, traces))
  if (delays.length === 0) return undefined
  return nanosToMillis(delays.reduce((most, delay) => Math.max(most, delay), 0))
}
