import { context, propagation, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import {
  createContextManager,
  type HttpClientRequest,
  type HttpServerRequest,
} from '../src/index.ts'

/** A provider of its own for core's tests: @callchain/testing stands on core, so core cannot use it. */
export function record(): { exporter: InMemorySpanExporter; stop(): Promise<void> } {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(createContextManager())
  return {
    exporter,
    stop: async () => {
      await provider.shutdown()
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

/** A request that came in over loopback, as an adapter would hand it over. */
export function incoming(
  headers: Record<string, string> = {},
  overrides: Partial<HttpServerRequest> = {},
): HttpServerRequest {
  return {
    method: 'GET',
    target: '/',
    scheme: 'http',
    protocolVersion: '1.1',
    peerAddress: '127.0.0.1',
    peerPort: 4711,
    route: undefined,
    raw: undefined,
    header: (name) => headers[name],
    ...overrides,
  }
}

/** A request on its way out, with the headers as a plain record. */
export function outgoing(
  url: string,
  headers: Record<string, string> = {},
): HttpClientRequest & { headers: Record<string, string> } {
  return {
    method: 'GET',
    url,
    headers,
    header: (name) => headers[name],
    setHeader: (name, value) => {
      headers[name] = value
    },
    removeHeader: (name) => {
      delete headers[name]
    },
  }
}

/** A response that was sent whole. */
export function answered(statusCode: number, route?: string, error?: unknown) {
  return { statusCode, complete: true, route, error, header: () => undefined }
}
