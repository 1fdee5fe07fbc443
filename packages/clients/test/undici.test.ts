import { describe, expect, it } from '@jest/globals'
import { SpanStatusCode, type TextMapPropagator, trace } from '@opentelemetry/api'
import * as undici7 from 'undici'
import * as undici6 from 'undici6'
import { traceFetch } from '../src/fetch.ts'
import { traceUndici } from '../src/undici.ts'
import { type CallOptions, clientPromises, origin, recorder } from './client-promises.ts'

type Names = 'Agent' | 'MockAgent' | 'Pool' | 'fetch' | 'interceptors' | 'request'
type Undici = Pick<typeof undici7, Names>

// Undici 8 asks for a newer Node.js than these tests: fixtures/newest-lines.mjs has its contract.
const lines: [string, Undici][] = [
  ['undici 6', undici6 as unknown as Undici],
  ['undici 7', undici7],
]

for (const [name, undici] of lines) {
  const { Agent, Pool, interceptors, request } = undici
  const redirect = interceptors.redirect({ maxRedirections: 5 })
  const orders = {
    'redirects around it': new Agent().compose(traceUndici(), redirect),
    'redirects within it': new Agent().compose(redirect, traceUndici()),
    'traced twice': new Agent().compose(traceUndici(), redirect, traceUndici()),
  }
  for (const [order, dispatcher] of Object.entries(orders)) {
    clientPromises(
      `${name}, ${order}`,
      async (url, { method = 'GET', ...options }: CallOptions = {}) => {
        const { statusCode, body } = await request(url, {
          dispatcher,
          method: method as 'GET',
          ...options,
        })
        await body.text()
        return statusCode
      },
      { reset: ['ECONNRESET', 'UND_ERR_SOCKET'] },
    )
  }

  describe(name, () => {
    const dispatcher = new Agent({ connections: 1 }).compose(traceUndici())

    it('leaves the headers of the application as they are, in each of their forms', async () => {
      const list = ['x-own', '1', 'Baggage', 'color=red']
      const map = new Map([
        ['x-own', '1'],
        ['Baggage', 'color=red'],
      ])
      const before = [...list]
      for (const headers of [list, map, Object.fromEntries(map)]) {
        await (await request(`${origin.url}/ok`, { dispatcher, headers })).body.text()
      }

      expect(list).toEqual(before)
      expect([...map.keys()]).toEqual(['x-own', 'Baggage'])
      for (const { lines } of origin.received) {
        expect(lines).toMatchObject({ 'x-own': ['1'], baggage: ['color=red'] })
        expect(lines.traceparent).toHaveLength(1)
      }
    })

    it('decides for redirects within it in another format as well', async () => {
      const propagator: TextMapPropagator = {
        fields: () => ['b3'],
        extract: (within) => within,
        inject: (within, carrier, setter) => {
          const { traceId, spanId } = trace.getSpanContext(within) ?? {}
          setter.set(carrier, 'b3', `${traceId}-${spanId}-1`)
        },
      }
      const dispatcher = new Agent().compose(
        redirect,
        traceUndici({ propagator, send: { identity: ['127.0.0.1'] } }),
      )
      const to = `http://localhost:${origin.port}/ok`
      const headers = { baggage: 'color=red' }
      await (await request(`${origin.url}/redirect?to=${to}`, { dispatcher, headers })).body.text()

      const spans = await recorder.waitFor(2)
      expect(origin.received.map(({ lines }) => lines.baggage)).toEqual([['color=red'], undefined])
      expect(origin.received.map(({ lines }) => lines.b3)).toEqual(
        spans.map((span) => [expect.stringContaining(span.spanContext().spanId)]),
      )
    })

    it('gives a retry its own span', async () => {
      const retrying = new Agent().compose(
        traceUndici(),
        interceptors.retry({ maxRetries: 2, minTimeout: 1, retryAfter: false }),
      )
      await request(`${origin.url}/status?code=503`, { dispatcher: retrying }).catch(() => {})

      const spans = await recorder.waitFor(3)
      expect(spans.map((span) => span.attributes['http.request.resend_count'])).toEqual([
        undefined,
        1,
        2,
      ])
      expect(recorder.open()).toEqual([])
    })

    it.each(['around it', 'within it'])(
      'traces a pool, which knows its origin by itself, with retries %s',
      async (order) => {
        const retry = interceptors.retry({ maxRetries: 1, minTimeout: 1, retryAfter: false })
        const composed = order === 'around it' ? [traceUndici(), retry] : [retry, traceUndici()]
        const pool = new Pool(origin.url).compose(...composed)
        const headers = { baggage: 'color=red' }
        await pool.request({ path: '/status?code=503', method: 'GET', headers }).catch(() => {})

        const spans = await recorder.waitFor(2)
        expect(spans.map((span) => span.attributes['http.request.resend_count'])).toEqual([
          undefined,
          1,
        ])
        expect(origin.received.map(({ lines }) => [lines.traceparent, lines.baggage])).toEqual(
          spans.map((span) => [
            [expect.stringContaining(span.spanContext().spanId)],
            ['color=red'],
          ]),
        )
        expect(headers).toEqual({ baggage: 'color=red' })
      },
    )

    it('ends the span when an interceptor within it throws', async () => {
      const throwing = new Agent().compose(
        () => (_options, _handler) => {
          throw new RangeError('enough')
        },
        traceUndici(),
      )
      await expect(request(origin.url, { dispatcher: throwing })).rejects.toThrow('enough')

      const [span] = await recorder.waitFor(1)
      expect(span?.attributes['error.type']).toBe('RangeError')
      expect(recorder.open()).toEqual([])
    })

    const lookup = (_: unknown, __: unknown, done: (...args: unknown[]) => void): void =>
      done(null, [{ address: '127.0.0.1', family: 4, ttl: 1000 }])
    const dns = interceptors.dns({ lookup: lookup as never })
    const byName = traceUndici({ send: { identity: ['api.example.com'] } })
    it.each([
      ['within', [dns, byName]],
      ['around', [byName, dns]],
    ])('decides by the name where dns() %s it puts an address in its place', async (_, chain) => {
      const named = new Agent().compose(chain)
      const headers = { baggage: 'color=red' }
      for (const host of ['api', 'shop']) {
        const url = `http://${host}.example.com:${origin.port}/ok`
        await (await request(url, { dispatcher: named, headers })).body.text()
      }

      expect(origin.received.map(({ lines }) => lines.baggage)).toEqual([['color=red'], undefined])
      const spans = await recorder.waitFor(2)
      expect(spans.map(({ attributes }) => attributes['server.address'])).toEqual([
        'api.example.com',
        'shop.example.com',
      ])
    })

    it('takes off what an interceptor adds on the way of a name that is looked up', async () => {
      const adding: ReturnType<typeof traceUndici> = (dispatch) => (options, handler) =>
        dispatch({ ...options, headers: { ...options.headers, baggage: 'color=red' } }, handler)
      const named = new Agent().compose(dns, adding, byName)
      const url = `http://shop.example.com:${origin.port}/ok`
      await (await request(url, { dispatcher: named })).body.text()

      expect(origin.received.map(({ lines }) => lines.baggage)).toEqual([undefined])
      await recorder.waitFor(1)
    })

    it('ends the span of an unread body with its headers', async () => {
      const { body } = await request(`${origin.url}/big`, { dispatcher })
      const now = Date.now()

      const [span] = await recorder.waitFor(1)
      const [seconds = 0, nanoseconds = 0] = span?.endTime ?? []
      // Else it would be the half second later at which it is found unread; clocks differ by less.
      expect(seconds * 1000 + nanoseconds / 1e6).toBeLessThan(now + 250)
      expect(span?.status.code).toBe(SpanStatusCode.UNSET)
      body.on('error', () => {}).destroy()
    })

    it('does not call it an error when the body is given up', async () => {
      const { body } = await request(`${origin.url}/half`, { dispatcher })
      body.on('error', () => {}).destroy()

      const [span] = await recorder.waitFor(1)
      expect(span?.status.code).toBe(SpanStatusCode.UNSET)
    })

    it('is traced once when it serves a traced fetch', async () => {
      const fetch = traceFetch(undici.fetch)
      await (await fetch(`${origin.url}/redirect`, { dispatcher })).text()

      expect(await recorder.waitFor(2)).toHaveLength(2)
      expect(recorder.open()).toEqual([])
      expect(origin.received.map(({ lines }) => lines.traceparent?.length)).toEqual([1, 1])
    })

    it('traces each request of a fetch that is not traced itself', async () => {
      await (await undici.fetch(`${origin.url}/redirect`, { dispatcher })).text()

      expect(await recorder.waitFor(2)).toHaveLength(2)
    })

    it('traces a mock that never comes near a socket', async () => {
      const mock = new undici.MockAgent()
      mock.disableNetConnect()
      mock.get('http://api.example.com').intercept({ path: '/' }).reply(204, '')
      await request('http://api.example.com/', { dispatcher: mock.compose(traceUndici()) })

      const [span] = await recorder.waitFor(1)
      expect(span?.attributes['http.response.status_code']).toBe(204)
    })
  })
}
