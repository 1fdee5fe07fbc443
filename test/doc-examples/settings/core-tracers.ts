import type { Settings } from '../setting.ts'

const SERVER = `import { createServer } from 'node:http'
import request from 'supertest'
import { createServerTracer, runIn, traceNodeRequest } from '@callchain/core'
import { expectSpans } from '../../test/doc-examples/harness.ts'`

/** So that the server of an example can be asked. */
const HELD = { 'createServer((': 'const server = createServer((' }

/** The examples of @callchain/core for those who write adapters, or set OpenTelemetry up. */
export const coreTracers: Settings = {
  'core/traceNodeRequest': {
    before: `${SERVER}
import type { IncomingMessage, ServerResponse } from 'node:http'
const router = {
  match: (req: IncomingMessage) => (req.url === '/orders/7' ? { template: '/orders/:id' } : undefined),
  handle: (_: IncomingMessage, res: ServerResponse) => res.end(),
}`,
    after: `await request(server).get('/orders/7')
await expectSpans('GET /orders/:id')`,
    instead: HELD,
  },
  'core/createServerTracer': {
    before: SERVER,
    after: `await request(server).get('/').expect('hello')
await expectSpans('GET /hello')`,
    instead: HELD,
  },
  'core/runIn': {
    before: `import { deepStrictEqual } from 'node:assert'
import { createServerTracer, currentTrace, type HttpServerRequest, runIn } from '@callchain/core'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const tracer = createServerTracer()
const [req, res] = [{}, {}]
const request: HttpServerRequest = {
  method: 'GET',
  target: '/',
  scheme: 'http',
  protocolVersion: '1.1',
  peerAddress: '127.0.0.1',
  peerPort: 1,
  route: '/',
  raw: req,
  header: () => undefined,
}
let seen: string | undefined
const handle = (_req: object, _res: object) => {
  seen = currentTrace()?.traceId
}`,
    after: `deepStrictEqual(seen?.length, 32)
call?.send({ statusCode: 200, complete: true, route: '/', error: undefined, header: () => undefined })
await expectSpans('GET /')`,
  },
  'core/createClientTracer': {
    before: `import { deepStrictEqual } from 'node:assert'
import { context } from '@opentelemetry/api'
import { createClientTracer, type HttpClientRequest } from '@callchain/core'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const headers = new Map<string, string>()
const request: HttpClientRequest = {
  method: 'GET',
  url: 'https://stock.acme.io/items/7',
  header: (name) => headers.get(name),
  setHeader: (name, value) => headers.set(name, value),
  removeHeader: (name) => headers.delete(name),
}
const sendOverTheWire = async (_: HttpClientRequest) => ({ status: 200 })`,
    after: `deepStrictEqual(headers.has('traceparent'), true)
await expectSpans('GET')`,
  },
  'core/createDatabaseTracer': {
    before: `import { context } from '@opentelemetry/api'
import { createDatabaseTracer } from '@callchain/core'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const text = 'SELECT * FROM orders'
const driver = { query: async (_: string) => [] }
async function query() {`,
    after: `}
await query()
await expectSpans('SELECT orders')`,
  },
  'core/createPropagator': {
    before: `import { deepStrictEqual } from 'node:assert'
import { propagation } from '@opentelemetry/api'
import { createPropagator } from '@callchain/core'`,
    after: "deepStrictEqual(propagation.fields().includes('traceparent'), true)",
    isAlone: true,
  },
  'core/createContextManager': {
    before: `import { deepStrictEqual } from 'node:assert'
import { context, propagation, trace } from '@opentelemetry/api'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { createContextManager, createPropagator } from '@callchain/core'
const provider = new TracerProvider()`,
    after: `const span = trace.getTracer('example').startSpan('a')
await context.with(trace.setSpan(context.active(), span), async () => {
  await undefined
  deepStrictEqual(trace.getActiveSpan(), span)
})`,
    isAlone: true,
  },
}
