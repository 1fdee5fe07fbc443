import { createRecorder, type Recorder, serverContract } from '@callchain/testing'
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { createNodeApp } from './node-application.ts'

/** OpenTelemetry as an application sets it up that does without startTracing(). */
function setUp(): Recorder {
  const recorder = createRecorder({ register: false })
  const provider = new BasicTracerProvider({ spanProcessors: [recorder.processor] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(
    new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
  )
  return {
    ...recorder,
    provider,
    shutdown: async () => {
      trace.disable()
      context.disable()
      propagation.disable()
      await recorder.shutdown()
    },
  }
}

serverContract({
  name: "node:http on OpenTelemetry's own provider, context manager and propagators",
  createApp: createNodeApp,
  setUp,
})
