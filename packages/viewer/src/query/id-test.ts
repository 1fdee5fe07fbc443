import type { LogRow, SpanRow } from '../model/rows.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** Looks for an id that was pasted as a text. */
export interface IdTest {
  /** With its trace, the trace's id is tested too. */
  readonly span: (span: SpanRow, record?: TraceRecord) => boolean
  readonly log: (log: LogRow) => boolean
}

const TRACE = /^[\da-f]{32}$/
const SPAN = /^[\da-f]{16}$/
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/
const BEGIN_OF_SPAN = /^[\da-f]{8,15}$/

/**
 * The test for an id as log lines and headers have it: 32 hexadecimal digits are a trace, 16 a span or a
 * short trace, fewer from eight on the begin of a span's, and a `traceparent` is both. undefined for
 * any other text.
 */
export function createIdTest(text: string): IdTest | undefined {
  const id = text.toLowerCase()
  if (TRACE.test(id)) return testOf(id, '')
  if (SPAN.test(id)) return testOf(id.padStart(32, '0'), id)
  const [, trace, span] = TRACEPARENT.exec(id) ?? []
  if (trace !== undefined && span !== undefined) return testOf(trace, span)
  if (!BEGIN_OF_SPAN.test(id)) return undefined
  return { span: (span) => span.id.startsWith(id), log: () => false }
}

function testOf(traceId: string, spanId: string): IdTest {
  return {
    span: (span, record) => record?.id === traceId || span.id === spanId,
    log: ({ trace, span }) => trace === traceId || (spanId !== '' && span === spanId),
  }
}
