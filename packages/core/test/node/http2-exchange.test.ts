import { once } from 'node:events'
import * as http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { TextMapPropagator } from '@opentelemetry/api'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import {
  createServerTracer,
  runIn,
  type TracingOptions,
  traceNodeRequest,
} from '../../src/index.ts'
import { record } from '../recorder.ts'

type Handler = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

/** Serves one request over HTTP/2, and waits until its response is closed. */
async function serve(handle: Handler, options: TracingOptions = {}): Promise<void> {
  const tracer = createServerTracer(options)
  let closed: Promise<unknown> = Promise.resolve()
  const server = http2.createServer((request, response) => {
    closed = once(response, 'close')
    const call = traceNodeRequest(tracer, request, response, { route: () => '/orders' })
    runIn(call, () => handle(request, response))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await once(client.request({ ':path': '/orders', 'x-own': '1' }).resume(), 'close')
  await closed
  client.close()
  await new Promise((done) => server.close(done))
}

it('an answer that the application sends on the HTTP/2 stream itself is whole', async () => {
  await serve((_request, { stream }) => {
    stream.respond({ ':status': 201 })
    stream.end('x')
  })
  const [span] = exporter.getFinishedSpans()
  expect(span?.attributes['http.response.status_code']).toBe(201)
  expect(span?.attributes['error.type']).toBeUndefined()
})

it('a propagator that looks through the headers of HTTP/2 does not see the request line', async () => {
  let names: readonly string[] = []
  const looking: TextMapPropagator = {
    fields: () => ['x-own'],
    inject: () => {},
    extract: (within, carrier, getter) => {
      names = getter.keys(carrier)
      return within
    },
  }
  await serve((_request, response) => void response.end(), { propagator: looking })
  expect(names).toEqual(['x-own'])
})
