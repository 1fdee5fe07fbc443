import assert from 'node:assert/strict'
import { type AttributeValue, type SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** What a span must be like; what is not named is not checked. */
export interface ExpectedSpan {
  readonly name?: string
  readonly kind?: SpanKind
  /** Attributes it must have; `undefined` for one that it must not have. */
  readonly attributes?: Readonly<Record<string, AttributeValue | undefined>>
  readonly status?: 'unset' | 'ok' | 'error'
  /** The names of its events, in order. */
  readonly events?: readonly string[]
  /** The trace it must belong to. */
  readonly traceId?: string
  /** The id of its parent; `undefined` for a root. */
  readonly parentSpanId?: string | undefined
}

/**
 * Throws an AssertionError that shows what differs when a span is not there, or not as expected.
 *
 * @example
 * ```ts
 * const [span] = await recorder.waitFor(1)
 * assertSpan(span, { name: 'GET /orders/:id', attributes: { 'tenant.id': 'acme' } })
 * ```
 */
export function assertSpan(span: ReadableSpan | undefined, expected: ExpectedSpan): void {
  if (span === undefined) assert.fail('there is no span')
  const actual: Record<string, unknown> = {}
  for (const part of Object.keys(expected) as (keyof ExpectedSpan)[]) {
    actual[part] = part === 'attributes' ? pick(span, expected) : read(span, part)
  }
  assert.deepEqual(actual, expected)
}

function pick({ attributes }: ReadableSpan, expected: ExpectedSpan): Record<string, unknown> {
  const names = Object.keys(expected.attributes ?? {})
  return Object.fromEntries(names.map((name) => [name, attributes[name]]))
}

function read(span: ReadableSpan, part: Exclude<keyof ExpectedSpan, 'attributes'>): unknown {
  switch (part) {
    case 'name':
      return span.name
    case 'kind':
      return span.kind
    case 'status':
      return STATUS[span.status.code]
    case 'events':
      return span.events.map((event) => event.name)
    case 'traceId':
      return span.spanContext().traceId
    case 'parentSpanId':
      return span.parentSpanContext?.spanId
  }
}

const STATUS: Record<SpanStatusCode, string> = {
  [SpanStatusCode.UNSET]: 'unset',
  [SpanStatusCode.OK]: 'ok',
  [SpanStatusCode.ERROR]: 'error',
}
