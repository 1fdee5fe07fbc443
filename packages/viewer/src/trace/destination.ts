import { firstAttribute, textOf } from '../model/attributes.ts'
import {
  DESTINATION,
  DESTINATION_TEMPLATE,
  DESTINATION_TEMPORARY,
  MESSAGING_SYSTEM,
  ROUTING_KEY,
} from '../model/conventions.ts'
import type { SpanRow } from '../model/rows.ts'

/** The system that messages go through, as far as the span says it. */
export function messageSystem(span: SpanRow): string {
  const said = textOf(firstAttribute(span, MESSAGING_SYSTEM))
  if (said !== '') return said
  const { positions } = span.shape
  if (positions.has('kafka.topic')) return 'kafka'
  return positions.has('rabbit.exchange') || positions.has('rabbit.queue')
    ? 'rabbitmq'
    : 'messaging'
}

/** The queue or topic, without what is another for each message; '' when the span does not say. */
export function destinationOf(span: SpanRow): string {
  const template = textOf(firstAttribute(span, DESTINATION_TEMPLATE))
  if (template !== '') return template
  if (firstAttribute(span, DESTINATION_TEMPORARY) === true) return 'temporary'
  const name = textOf(firstAttribute(span, DESTINATION))
  // RabbitMQ's exchange without a name leads to the queue that the routing key names.
  return name !== '' ? name : textOf(firstAttribute(span, ROUTING_KEY))
}
