import { type Counter, type Histogram, type MeterProvider, metrics } from '@opentelemetry/api'
import { createDurationSource } from '../otel/duration-histogram.ts'
import { VERSION } from '../otel/version.ts'

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** `messaging.client.operation.duration`; `undefined` when no meter provider is registered. */
export const operationDuration: () => Histogram | undefined = createDurationSource({
  name: 'messaging.client.operation.duration',
  description: 'Duration of messaging operations that a client began.',
  buckets: BUCKETS,
})

/** `messaging.process.duration`; `undefined` when no meter provider is registered. */
export const processDuration: () => Histogram | undefined = createDurationSource({
  name: 'messaging.process.duration',
  description: 'Duration of handling messages.',
  buckets: BUCKETS,
})

/** `messaging.client.sent.messages` of the current meter provider. */
export const sentMessages: () => Counter = createCounterSource(
  'messaging.client.sent.messages',
  'Messages that a producer has tried to send.',
)

/** `messaging.client.consumed.messages` of the current meter provider; once for each delivery. */
export const consumedMessages: () => Counter = createCounterSource(
  'messaging.client.consumed.messages',
  'Messages that were delivered to the application.',
)

function createCounterSource(name: string, description: string): () => Counter {
  let provider: MeterProvider | undefined
  let counter: Counter | undefined
  return () => {
    const current = metrics.getMeterProvider()
    if (counter === undefined || current !== provider) {
      provider = current
      const meter = current.getMeter('@callchain/core', VERSION)
      counter = meter.createCounter(name, { description, unit: '{message}' })
    }
    return counter
  }
}
