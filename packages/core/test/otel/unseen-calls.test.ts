import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import {
  createDatabaseTracer,
  createMessageTracer,
  createServerTracer,
  runIn,
} from '../../src/index.ts'
import { announceSdk, errorType } from '../../src/internal.ts'
import { answered, incoming, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>
beforeEach(() => {
  ;({ exporter, stop } = record())
  announceSdk({ followsParent: true })
})
afterEach(async () => {
  announceSdk()
  await stop()
})

/** Runs within a request that is not sampled. */
function unsampled<T>(application: () => T): T {
  const headers = { traceparent: `00-${TRACE}-${PARENT}-02`, baggage: 'tenant.id=acme' }
  const call = createServerTracer().receive(incoming(headers))
  const result = runIn(call, application)
  call?.send(answered(200))
  return result
}

describe('a statement in an unsampled trace', () => {
  it('has no span of its own', () => {
    unsampled(() => {
      const call = createDatabaseTracer().send({ system: 'postgresql', summary: 'SELECT orders' })
      expect(call.span).toBe(trace.getActiveSpan())
      expect(call.isObserved).toBe(false)
      call.receive({})
    })
    expect(exporter.getFinishedSpans()).toEqual([])
  })

  it('gives its error the name that other spans and log lines call it by', () => {
    const error = new Error('duplicate key value')
    unsampled(() =>
      createDatabaseTracer().send({ system: 'postgresql' }).receive({ error, statusCode: '23505' }),
    )
    expect(errorType(error)).toBe('23505')
  })
})

describe('a message that is sent in an unsampled trace', () => {
  const send = (hook: (name: string) => string): Record<string, string> => {
    const headers: Record<string, string> = {}
    const message = {
      header: (name: string) => headers[name],
      setHeader: (name: string, value: string) => {
        headers[name] = value
        return true
      },
      removeHeader: () => {},
    }
    unsampled(() =>
      createMessageTracer({ destination: hook })
        .send({ system: 'kafka', operation: 'send', destination: 'orders.7', messages: [message] })
        .confirm(),
    )
    return headers
  }

  it('carries the trace and the identity, and asks nobody what its span would say', () => {
    const asked: string[] = []
    const { traceparent = '', baggage } = send((name) => {
      asked.push(name)
      return name
    })
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-02$`))
    expect(traceparent).not.toContain(PARENT)
    expect(baggage).toBe('tenant.id=acme')
    expect(asked).toEqual([])
  })

  it('is measured all the same, under the name that the application gives its destination', async () => {
    const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({
      exporter: metricExporter,
      exportIntervalMillis: 2 ** 30,
    })
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
    try {
      send(() => 'orders.{n}')
      await reader.forceFlush()
    } finally {
      metrics.disable()
      await reader.shutdown()
    }
    const [sent] = metricExporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .filter(({ descriptor }) => descriptor.name === 'messaging.client.sent.messages')
    expect(sent?.dataPoints[0]?.attributes).toMatchObject({
      'messaging.destination.template': 'orders.{n}',
    })
  })
})
