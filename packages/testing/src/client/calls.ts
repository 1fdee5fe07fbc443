import assert from 'node:assert/strict'
import { currentTrace } from '@callchain/core'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { ClientPromise } from './client-promise.ts'

/** Promises about the span of a call, and about leaving the call as it is. */
export const calls: readonly ClientPromise[] = [
  {
    name: 'makes one CLIENT span for each call, a child of the current one, with the required attributes',
    check: async ({ client, clientSpan, inSpan, target }) => {
      const send = await client()
      const { origin, port } = await target()
      const parent = await inSpan(async () => {
        const answer = await send({ url: `${origin}/items/7?full=1` })
        assert.deepEqual([answer.status, await answer.text()], [200, 'fine'])
      })
      assertSpan(await clientSpan(), {
        name: 'GET',
        kind: SpanKind.CLIENT,
        status: 'unset',
        events: [],
        traceId: parent.spanContext().traceId,
        parentSpanId: parent.spanContext().spanId,
        attributes: {
          'http.request.method': 'GET',
          'http.response.status_code': 200,
          'url.full': `${origin}/items/7?full=1`,
          'server.address': '127.0.0.1',
          'server.port': port,
          'error.type': undefined,
          'http.request.resend_count': undefined,
        },
      })
    },
  },
  {
    name: 'begins a trace if there is none',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      await (await send({ url: origin })).text()
      const span = await clientSpan()
      assertSpan(span, { parentSpanId: undefined })
      assert.equal(arrived[0]?.header('traceparent')[0]?.split('-')[1], span.spanContext().traceId)
    },
  },
  {
    name: 'sends the body and the headers as they were given, and hands the answer back',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { arrived, origin } = await target((_req, res) => {
        res.writeHead(201, { 'content-type': 'application/json' })
        res.end('{"id":7}')
      })
      const headers = { 'content-type': 'application/json', 'x-hint': 'yes' }
      const body = '{"name":"lamp"}'
      const answer = await send({ method: 'POST', url: `${origin}/items`, headers, body })
      assert.deepEqual([answer.status, await answer.text()], [201, '{"id":7}'])
      const [request] = arrived
      assert.deepEqual([request?.method, request?.path, request?.body], ['POST', '/items', body])
      assert.deepEqual(request?.header('x-hint'), ['yes'])
      assert.deepEqual(request?.header('content-type'), ['application/json'])
      assertSpan(await clientSpan(), {
        name: 'POST',
        attributes: { 'http.request.method': 'POST', 'http.response.status_code': 201 },
      })
    },
  },
  {
    name: 'changes none of the objects it is given',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target()
      const headers = Object.freeze({ 'x-hint': 'yes', baggage: 'own=1' })
      const request = Object.freeze({ method: 'GET', url: origin, headers })
      await (await send(request)).text()
      assert.deepEqual(headers, { 'x-hint': 'yes', baggage: 'own=1' })
      await clientSpan()
    },
  },
  {
    name: "leaves the caller's context as it was",
    check: async ({ client, clientSpan, inSpan, target }) => {
      const send = await client()
      const { origin } = await target()
      const seen: unknown[] = []
      const parent = await inSpan(async () => {
        const answer = await send({ url: origin })
        seen.push(currentTrace()?.spanId)
        await answer.text()
        seen.push(currentTrace()?.spanId)
      })
      await clientSpan()
      assert.deepEqual(seen, Array(2).fill(parent.spanContext().spanId))
    },
  },
  {
    name: 'does not mix calls made at the same time',
    check: async ({ client, clientSpans, inSpan, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      const call = async (path: string): Promise<[string, string]> => {
        const parent = await inSpan(async () => {
          await (await send({ url: `${origin}${path}` })).text()
        })
        return [path, parent.spanContext().traceId]
      }
      const paths = Array.from({ length: 10 }, (_, index) => `/items/${index}`)
      const traces = new Map(await Promise.all(paths.map(call)))
      for (const { path, header } of arrived) {
        assert.equal(header('traceparent')[0]?.split('-')[1], traces.get(path), path)
      }
      assert.equal((await clientSpans(10)).length, 10)
    },
  },
  {
    name: 'redacts credentials and secrets in the URL it records, and still sends them',
    check: async ({ client, clientSpan, target }) => {
      const send = await client({ redactQuery: ['pin'] })
      const { arrived, origin } = await target()
      await (
        await send({ url: `${origin}/items?a=b%20c&newToken=s3cret&pin=1234&param_name=s` })
      ).text()
      assertSpan(await clientSpan(), {
        attributes: {
          'url.full': `${origin}/items?a=b%20c&newToken=REDACTED&pin=REDACTED&param_name=REDACTED`,
        },
      })
      assert.equal(arrived[0]?.path, '/items?a=b%20c&newToken=s3cret&pin=1234&param_name=s')
    },
  },
  {
    name: 'names the span by the template it is given',
    check: async ({ client, clientSpan, target }) => {
      const send = await client({
        urlTemplate: (url) => url.pathname.replace(/\d+/, '{id}'),
        attributes: (url) => ({ 'app.path': url.pathname }),
      })
      const { origin } = await target()
      await (await send({ url: `${origin}/items/7` })).text()
      assertSpan(await clientSpan(), {
        name: 'GET /items/{id}',
        attributes: { 'url.template': '/items/{id}', 'app.path': '/items/7' },
      })
    },
  },
  {
    name: 'is not harmed by a hook that throws',
    check: async ({ client, clientSpan, target }) => {
      const fail = (): never => {
        throw new Error('the hook broke')
      }
      const send = await client({ ignore: fail, urlTemplate: fail, attributes: fail })
      const { origin } = await target()
      const answer = await send({ url: origin })
      assert.deepEqual([answer.status, await answer.text()], [200, 'fine'])
      assertSpan(await clientSpan(), { name: 'GET', status: 'unset', events: [] })
    },
  },
  {
    name: 'is not harmed by a tracer that throws',
    check: async ({ client, target }) => {
      const startSpan = (): never => {
        throw new Error('the tracer broke')
      }
      const tracer = { startSpan, startActiveSpan: startSpan }
      const send = await client({ tracerProvider: { getTracer: () => tracer } })
      const { origin } = await target()
      const answer = await send({ url: origin })
      assert.deepEqual([answer.status, await answer.text()], [200, 'fine'])
    },
  },
]
