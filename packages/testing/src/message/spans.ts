import assert from 'node:assert/strict'
import { runWithIdentity } from '@callchain/core'
import { type Span, SpanKind, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Recorder } from '../recorder.ts'

/** Waits for so many ended spans of a kind, and gives them. */
export async function spansOf(
  recorder: Recorder,
  kind: SpanKind,
  count: number,
): Promise<ReadableSpan[]> {
  const spans = await recorder.waitFor(
    (all) => all.filter((span) => span.kind === kind).length >= count,
  )
  return spans.filter((span) => span.kind === kind)
}

/** Waits for the only PRODUCER span there is to be. */
export async function producerOf(recorder: Recorder): Promise<ReadableSpan> {
  return only(await spansOf(recorder, SpanKind.PRODUCER, 1))
}

/** Waits for the only CONSUMER span there is to be. */
export async function consumerOf(recorder: Recorder): Promise<ReadableSpan> {
  return only(await spansOf(recorder, SpanKind.CONSUMER, 1))
}

function only(spans: readonly ReadableSpan[]): ReadableSpan {
  const [span, ...others] = spans
  assert.deepEqual(
    others.map(({ name }) => name),
    [],
  )
  assert.ok(span)
  return span
}

/** Runs a request of its own. */
export function withinRequest<T>(run: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('contract').startActiveSpan('request', async (span) => {
    try {
      return await run(span)
    } finally {
      span.end()
    }
  })
}

/** Runs a request of its own, for a tenant and a user. */
export function withinRequestOf<T>(tenant: string, run: () => Promise<T>): Promise<T> {
  return withinRequest(() => runWithIdentity({ 'tenant.id': tenant, 'user.id': 'ada' }, run))
}

/** The ids of the spans that a span links to. */
export function linksOf(span: ReadableSpan): string[] {
  return span.links.map((link) => link.context.spanId)
}
