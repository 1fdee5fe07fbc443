import assert from 'node:assert/strict'
import { currentTrace, type TracingOptions, tenant } from '@callchain/core'
import { trace } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import { outboundHeaders } from '../outbound.ts'
import { createRecorder } from '../recorder.ts'
import { CALLER, callerTraceparent } from './caller.ts'
import { sendingBack } from './sending-back.ts'
import type { ServerPromise } from './server-promise.ts'

function fail(): never {
  throw new Error('the hook broke')
}

const THROWING: TracingOptions = {
  ignore: fail,
  attributes: fail,
  onEnd: fail,
  recordDuration: fail,
  trust: fail,
}

/** Promises about the options of `tracing()`. */
export const options: readonly ServerPromise[] = [
  {
    name: 'traces neither an ignored request nor anything it causes',
    check: async ({ recorder, serve, serverSpan }) => {
      let ignoring = true
      let sent: Record<string, string> = {}
      const app = await serve({
        tracing: { ignore: () => ignoring },
        handler: async (request) => {
          await Promise.resolve()
          if (ignoring) {
            trace.getTracer('application').startSpan('work').end()
            sent = outboundHeaders()
          }
          request.reply(200, {})
        },
      })
      const headers = { traceparent: callerTraceparent() }
      assert.equal((await app.get('/items/1', { headers })).status, 200)
      ignoring = false
      await app.get('/items/2')
      assertSpan(await serverSpan(), { attributes: { 'url.path': '/items/2' } })
      assert.equal(recorder.spans().length, 1)
      assert.deepEqual(sent, {})
    },
  },
  {
    name: 'lets the tenant be read and set in a request that is ignored',
    check: async ({ recorder, serve }) => {
      const seen: unknown[] = []
      const app = await serve({
        tracing: { ignore: () => true },
        handler: (request) => {
          seen.push(tenant.get())
          tenant.set('globex')
          seen.push(tenant.get())
          request.reply(200, {})
        },
      })
      await app.get('/items/7', { headers: { baggage: 'tenant.id=acme' } })
      assert.deepEqual(seen, ['acme', 'globex'])
      assert.deepEqual(recorder.spans(), [])
    },
  },
  {
    name: 'is not harmed by a hook that throws',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ tracing: THROWING })
      assert.equal((await app.get('/items/7')).status, 200)
      assertSpan(await serverSpan(), { name: 'GET /items/:id', status: 'unset', events: [] })
    },
  },
  {
    name: 'gives hooks a request whose method and headers can be read',
    check: async ({ serve, serverSpan }) => {
      const asked: unknown[] = []
      const read = (request: unknown): void => {
        const { method, headers } = request as { method?: string; headers?: Record<string, string> }
        asked.push([method, headers?.['x-hint']])
      }
      const app = await serve({
        tracing: {
          ignore: (request) => {
            read(request)
            return false
          },
          attributes: (request) => {
            read(request)
            return { 'app.hint': 'yes' }
          },
          onEnd: (span, request, statusCode) => {
            read(request)
            span.setAttribute('app.status', statusCode ?? 0)
          },
        },
      })
      await app.get('/items/7', { headers: { 'x-hint': 'yes' } })
      assertSpan(await serverSpan(), { attributes: { 'app.hint': 'yes', 'app.status': 200 } })
      assert.deepEqual(asked, Array(3).fill(['GET', 'yes']))
    },
  },
  {
    name: 'records the headers that are named, and no other',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        tracing: { requestHeaders: ['X-Hint'], responseHeaders: ['Content-Type'] },
      })
      await app.get('/items/7', { headers: { 'x-hint': 'yes', authorization: 'Basic c2VjcmV0' } })
      const span = await serverSpan()
      assertSpan(span, { attributes: { 'http.request.header.x-hint': ['yes'] } })
      const names = Object.keys(span.attributes).filter((name) => /http\.\w+\.header/.test(name))
      assert.deepEqual(names.sort(), [
        'http.request.header.x-hint',
        'http.response.header.content-type',
      ])
    },
  },
  {
    name: 'records a named header of the answer that was handed to writeHead alone',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        tracing: { responseHeaders: ['X-Cache', 'X-Absent'] },
        handler: (request) => {
          const response = request.takeOver()
          response.writeHead(200, { 'X-Cache': 'hit', 'X-Other': 'no' })
          response.end()
        },
      })
      await app.get('/items/7')
      assertSpan(await serverSpan(), {
        attributes: {
          'http.response.header.x-cache': ['hit'],
          'http.response.header.x-absent': undefined,
          'http.response.header.x-other': undefined,
        },
      })
    },
  },
  {
    name: 'sends the trace back when told to',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ tracing: { traceResponse: true } })
      const headers = { traceparent: callerTraceparent() }
      const answer = await app.get('/items/7', { headers })
      const { spanId } = (await serverSpan()).spanContext()
      const expected = `trace;desc=00-${CALLER.traceId}-${spanId}-01`
      assert.equal(answer.headers.get('server-timing'), expected)
      assert.equal(answer.headers.get('traceresponse'), null)
    },
  },
  ...sendingBack,
  {
    name: 'sends no header of its own when not told to',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      const answer = await app.get('/items/7')
      await serverSpan()
      const names = [...answer.headers.keys()]
      assert.deepEqual(
        names.filter((name) => /trace|baggage/.test(name)),
        [],
      )
    },
  },
  {
    name: 'records with the tracer provider it was given',
    check: async ({ recorder, serve }) => {
      const own = createRecorder({ register: false })
      let seen: string | undefined
      const app = await serve({
        tracing: { tracerProvider: own.provider },
        handler: (request) => {
          seen = currentTrace()?.spanId
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      const [span] = await own.waitFor(1)
      assert.equal(span?.spanContext().spanId, seen)
      assert.deepEqual(recorder.spans(), [])
    },
  },
  {
    name: 'refuses an option that it does not know',
    check: async ({ serve }) => {
      await assert.rejects(serve({ tracing: { ignored: true } as TracingOptions }), TypeError)
    },
  },
]
