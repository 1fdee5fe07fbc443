import {
  type Attributes,
  createNoopMeter,
  type Histogram,
  type MeterProvider,
  metrics,
  type UpDownCounter,
  ValueType,
} from '@opentelemetry/api'
import type { HttpServerRequest, HttpServerResponse } from '../http/server-exchange.ts'
import { DURATION_BUCKETS } from '../otel/duration-histogram.ts'
import { VERSION } from '../otel/version.ts'

/** The instruments of the HTTP server conventions. */
export interface ServerInstruments {
  readonly duration: Histogram
  readonly active: UpDownCounter
  readonly requestSize: Histogram
  readonly responseSize: Histogram
}

const NOOP_HISTOGRAM = createNoopMeter().createHistogram('')

let provider: MeterProvider | undefined
let instruments: ServerInstruments | undefined

/** The instruments of the current meter provider; `undefined` when none is registered. */
export function serverInstruments(): ServerInstruments | undefined {
  const current = metrics.getMeterProvider()
  if (current !== provider) {
    provider = current
    instruments = createInstruments(current)
  }
  return instruments
}

function createInstruments(from: MeterProvider): ServerInstruments | undefined {
  const meter = from.getMeter('@callchain/core', VERSION)
  const duration = meter.createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  })
  if (duration === NOOP_HISTOGRAM) return undefined
  return {
    duration,
    active: meter.createUpDownCounter('http.server.active_requests', {
      description: 'Number of active HTTP server requests.',
      unit: '{request}',
      valueType: ValueType.INT,
    }),
    requestSize: meter.createHistogram('http.server.request.body.size', {
      description: 'Size of HTTP server request bodies.',
      unit: 'By',
      valueType: ValueType.INT,
    }),
    responseSize: meter.createHistogram('http.server.response.body.size', {
      description: 'Size of HTTP server response bodies.',
      unit: 'By',
      valueType: ValueType.INT,
    }),
  }
}

/** Records what the two messages say of their length. */
export function recordSizes(
  instruments: ServerInstruments,
  request: HttpServerRequest,
  response: HttpServerResponse,
  attributes: Attributes,
): void {
  const received = Number(request.header('content-length'))
  const sent = Number(response.header('content-length'))
  if (Number.isSafeInteger(received)) instruments.requestSize.record(received, attributes)
  if (Number.isSafeInteger(sent)) instruments.responseSize.record(sent, attributes)
}
