import { createRequire } from 'node:module'
import { createRecorderProvider, createSpanQueue } from '../../packages/recorder/dist/esm/index.js'

/** What records and encodes spans: `tracer`, `send` what waits, and how many `bytes` were sent. */
export const recorders = {
  recorder() {
    const queue = createSpanQueue({ resource: { 'service.name': 'benchmark' } })
    let bytes = 0
    const tracer = createRecorderProvider({ sink: queue }).getTracer('benchmark', '1.0.0')
    const send = () => {
      for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) {
        bytes += chunk.bytes.length
        queue.release(chunk)
      }
    }
    return { tracer, send, bytes: () => bytes }
  },
  'sdk-2': () => onSdk(createRequire(import.meta.url)),
  'sdk-3': () => onSdk(createRequire(new URL('../open-telemetry-3/', import.meta.url))),
}

/** OpenTelemetry's SDK with its own serialiser. */
function onSdk(require) {
  const { ProtobufTraceSerializer } = require('@opentelemetry/otlp-transformer')
  const { TracerProvider } = require('@opentelemetry/sdk-trace')
  let ended = []
  let bytes = 0
  const processor = {
    onStart() {},
    onEnd: (span) => ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('benchmark', '1.0.0')
  const send = () => {
    bytes += ProtobufTraceSerializer.serializeRequest(ended).length
    ended = []
  }
  return { tracer, send, bytes: () => bytes }
}
