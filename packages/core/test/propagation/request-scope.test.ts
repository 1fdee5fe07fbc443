import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { metrics, propagation } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  createClientTracer,
  createServerTracer,
  identityField,
  runIn,
  runWithIdentity,
  tenant,
  user,
} from '../../src/index.ts'
import { announceSdk } from '../../src/internal.ts'
import { answered, incoming, outgoing, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const UNSAMPLED = `00-${TRACE}-b7ad6b7169203331-02`
const SENT = new RegExp(`^00-${TRACE}-[0-9a-f]{16}-02$`)

let stop: () => Promise<void>

beforeEach(() => {
  ;({ stop } = record())
  announceSdk({ followsParent: true })
})
afterEach(async () => {
  announceSdk()
  await stop()
})

/** Serves an unsampled request, which is passed on without a span. */
function serve<T>(headers: Record<string, string>, application: () => T): T {
  const request = { traceparent: UNSAMPLED, ...headers }
  const call = createServerTracer().receive(incoming(request))
  // What an application does to its headers comes too late to change who the caller said it is for.
  for (const name of Object.keys(request)) delete (request as Record<string, string>)[name]
  const result = runIn(call, application)
  call?.send(answered(200))
  return result
}

function sent(): Record<string, string> {
  const request = outgoing('http://orders/')
  createClientTracer().send(request).receive({ statusCode: 200 })
  return request.headers
}

describe('the identity of a request that is passed on without a span', () => {
  it('is there when somebody asks, as it came', () => {
    const baggage = 'tenant.id=acme,user.id=7'
    const got = serve({ baggage }, () => [tenant.get(), tenant.source(), user.get()])
    expect(got).toEqual(['acme', 'caller', '7'])
  })

  it('goes on to the next service, with undeclared baggage and the flags of the trace', () => {
    const { traceparent, baggage } = serve({ baggage: 'a=1;p,tenant.id=acme,b=2' }, sent)
    expect(baggage).toBe('tenant.id=acme,a=1;p,b=2')
    expect(traceparent).toMatch(SENT)
  })

  it('is what the API of baggage shows without the declared fields', () => {
    const baggage = 'a=1,tenant.id=acme'
    const entries = serve({ baggage }, () => propagation.getActiveBaggage()?.getAllEntries())
    expect(entries).toEqual([['a', { value: '1' }]])
  })

  it('gives way to what the application sets', () => {
    const baggage = 'tenant.id=acme'
    const headers = serve({ baggage }, () => {
      tenant.set('umbrella')
      return sent()
    })
    expect(headers.baggage).toBe('tenant.id=umbrella')
  })

  it('is kept below runWithIdentity, with what else came in', () => {
    const inner = serve({ baggage: 'a=1,tenant.id=acme,user.id=7' }, () =>
      runWithIdentity({ 'user.id': 8 }, sent),
    )
    expect(inner.baggage).toBe('tenant.id=acme,user.id=8,a=1')
    expect(inner.traceparent).toMatch(SENT)
  })
})

describe('what is dropped of it', () => {
  it('is counted where there is somebody who counts, whether it is asked for or not', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 })
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
    try {
      serve({ baggage: 'tenant.id=a%0Ab,tenant.id=acme,tenant.id=umbrella,,=' }, () => {})
      await reader.forceFlush()
    } finally {
      metrics.disable()
      await reader.shutdown()
    }
    const counted = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value])
    expect(counted).toEqual(
      expect.arrayContaining([
        ['callchain.identity.dropped', 1],
        ['callchain.identity.conflicts', 1],
        ['callchain.baggage.dropped', 1],
      ]),
    )
  })
})

// Last: a declared field stays declared.
describe('a field that is read from a header', () => {
  it('is read before the application can change the header', () => {
    const region = identityField('order.region', { headers: 'x-region' })
    expect(serve({ 'x-region': 'eu' }, () => region.get())).toBe('eu')
  })
})
