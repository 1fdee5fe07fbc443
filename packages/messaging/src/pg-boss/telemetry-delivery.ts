import type { MessageDelivery, ReceivedMessage } from '@callchain/core'
import type { SpanContext, SpanOptions } from '@opentelemetry/api'
import { textOf } from '../wrapping/text.ts'

/** What is to be known of one job, whose headers are in `carrier`. */
export function deliveryOfCarrier(
  about: SpanOptions,
  carrier: Readonly<Record<string, unknown>>,
): MessageDelivery {
  const { 'messaging.message.id': id, 'pgboss.job.retry_count': retries } = about.attributes ?? {}
  const message = {
    header: (name: string) => textOf(carrier[name]),
    headerNames: () => Object.keys(carrier),
    id: typeof id === 'string' ? id : undefined,
    attempt: typeof retries === 'number' ? retries + 1 : undefined,
  }
  return { ...shared(about), messages: [{ ...message, raw: { id } }] }
}

/** What is to be known of a batch of `count` jobs: where those are in their traces that have one. */
export function deliveryOfLinks(about: SpanOptions, count: number): MessageDelivery {
  const contexts = (about.links ?? []).map((link) => link.context)
  const messages = Array.from({ length: count }, (_, index) => messageIn(contexts[index]))
  return { ...shared(about), batch: true, messages }
}

function messageIn(place: SpanContext | undefined): ReceivedMessage {
  const flags = (place?.traceFlags ?? 0).toString(16).padStart(2, '0')
  const traceparent = place && `00-${place.traceId}-${place.spanId}-${flags}`
  return { header: (name) => (name === 'traceparent' ? traceparent : undefined), raw: {} }
}

function shared({ attributes = {} }: SpanOptions): Omit<MessageDelivery, 'messages'> {
  const destination = attributes['messaging.destination.name']
  return {
    system: 'pg-boss',
    operation: 'process',
    destination: typeof destination === 'string' ? destination : undefined,
  }
}
