import { type Counter, type MeterProvider, metrics } from '@opentelemetry/api'

/** What tracing counts about itself: drops and conflicts, each with the reason as an attribute. */
type CounterName =
  | 'callchain.identity.conflicts'
  | 'callchain.identity.dropped'
  | 'callchain.baggage.dropped'
  | 'callchain.context.foreign'
  | 'callchain.propagation.dropped'
  | 'callchain.redacted'

const DESCRIPTIONS: Record<CounterName, string> = {
  'callchain.identity.conflicts':
    'Identity values contradicted by the application or by the caller',
  'callchain.identity.dropped': 'Rejected identity values',
  'callchain.baggage.dropped': 'Baggage members that were malformed or exceeded the limits',
  'callchain.context.foreign':
    'Steps of a request that started in the context of another request, or of none',
  'callchain.propagation.dropped': 'Headers of tracing that a message had no room for',
  'callchain.redacted': 'Values that were struck out before they left the process',
}

let provider: MeterProvider | undefined
let counters = new Map<CounterName, Counter>()

/** Counts something that was dropped or contradicted, on whatever meter provider there is now. */
export function count(name: CounterName, by: number, attributes: Record<string, string>): void {
  const current = metrics.getMeterProvider()
  if (current !== provider) {
    provider = current
    counters = new Map()
  }
  let counter = counters.get(name)
  if (counter === undefined) {
    counter = current
      .getMeter('@callchain/core')
      .createCounter(name, { description: DESCRIPTIONS[name] })
    counters.set(name, counter)
  }
  counter.add(by, attributes)
}
