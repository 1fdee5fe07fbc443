import type dns from 'node:dns'
import { once } from 'node:events'
import http, { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { runWithIdentity } from '@callchain/core'
import { afterAll, describe, expect, it } from '@jest/globals'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import axios from 'axios'
import { traceAgent } from '../src/agent.ts'
import { traceAxios } from '../src/axios.ts'
import { traceFetch } from '../src/fetch.ts'
import { type CallOptions, clientPromises, origin, recorder } from './client-promises.ts'

const agent = traceAgent(new Agent({ keepAlive: true, maxSockets: 2 }))
const secureAgent = traceAgent(new https.Agent())

afterAll(() => agent.destroy())

async function get(url: string, options: http.RequestOptions = {}): Promise<IncomingMessage> {
  const sent = url.startsWith('https:')
    ? https.request(url, { agent: secureAgent, ...options })
    : request(url, { agent, ...options })
  const [response] = await once(sent.end(), 'response')
  return response
}

clientPromises(
  'node:http',
  async (url, options: CallOptions = {}) => {
    const response = await get(url, options)
    await text(response)
    return response.statusCode ?? 0
  },
  { reset: ['ECONNRESET'], follows: false },
)

// It is follow-redirects that sends these over the agent: each is a call of its own.
describe('An agent of a client that follows redirects', () => {
  it('decides again what may be sent, for the host of each', async () => {
    const to = `http://localhost:${origin.port}/ok`
    const only = traceAgent(new Agent(), { send: { identity: ['127.0.0.1'] } })
    await axios.get(`${origin.url}/redirect?to=${to}`, {
      httpAgent: only,
      headers: { baggage: 'color=red' },
    })

    expect(origin.received.map(({ lines }) => lines.baggage)).toEqual([['color=red'], undefined])
    expect(origin.received.map(({ lines }) => lines.traceparent?.length)).toEqual([1, 1])
    expect(await recorder.waitFor(2)).toHaveLength(2)
  })

  it('is traced once where the client is traced, too', async () => {
    const client = traceAxios(axios.create({ httpAgent: agent }))
    await client.get(`${origin.url}/redirect`)

    const spans = await recorder.waitFor(2)
    expect(spans.map((span) => span.attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
    ])
    expect(recorder.open()).toEqual([])
  })

  it('sees to the redirects of a traced fetch that is not undici', async () => {
    const fetch = traceFetch(
      async (url: string, { headers }: { headers?: Headers } = {}) =>
        axios.get(url, { httpAgent: agent, headers: Object.fromEntries(headers ?? []) }),
      { send: { identity: ['127.0.0.1'] } },
    )
    const to = `http://localhost:${origin.port}/ok`
    const headers = new Headers({ baggage: 'color=red' })
    await fetch(`${origin.url}/redirect?to=${to}`, { headers })

    expect(origin.received.map(({ lines }) => lines.baggage)).toEqual([['color=red'], undefined])
    const spans = await recorder.waitFor(2)
    expect(spans.map((span) => span.attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
    ])
  })
})

describe('node:http', () => {
  it('is an agent of the same kind over the same sockets, and traced once', async () => {
    class Own extends Agent {
      readonly #secret = 'kept'
      secret(): string {
        return this.#secret
      }
    }
    const own = new Own()
    const traced = traceAgent(own)
    await text(await get(`${origin.url}/ok`, { agent: traced }))
    await text(await get(`${origin.url}/ok`, { agent: own }))

    expect(traced).toBeInstanceOf(Own)
    expect(traced.secret()).toBe('kept')
    expect(traceAgent(traced)).toBe(traced)
    expect(traced.on('free', () => {})).toBe(traced)
    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it.each([
    ['an array', { headers: ['host', 'x', 'baggage', 'color=red', 'TraceParent', 'own'] }],
    [
      'an expectation',
      { headers: { expect: '100-continue', baggage: 'color=red', traceparent: 'own' } },
    ],
  ])('writes headers that are written out already, for %s', async (_, options) => {
    const only = traceAgent(new Agent(), { send: { identity: ['localhost'] } })
    await text(await get(`${origin.url}/ok`, { agent, ...options } as http.RequestOptions))
    await text(await get(`${origin.url}/ok`, { agent: only, ...options } as http.RequestOptions))

    const [span] = await recorder.waitFor(2)
    const [first, second] = origin.received
    expect(first?.lines.traceparent).toEqual([
      expect.stringContaining(span?.spanContext().spanId ?? ''),
    ])
    expect(first?.lines.baggage).toEqual(['color=red'])
    expect(second?.lines.baggage).toBeUndefined()
  })

  it.each([
    ['at once', async () => {}],
    ['in a while', () => new Promise((resolve) => setImmediate(resolve))],
  ])(
    'writes its headers over those that the application sets %s after the request is made',
    async (_, wait) => {
      const only = traceAgent(new Agent(), { send: { identity: ['localhost'] } })
      await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
        for (const through of [agent, only]) {
          const sent = request(`${origin.url}/ok`, { agent: through, method: 'POST' })
          await wait()
          sent.setHeader('Baggage', ['color=red', 'tenant.id=forged'])
          sent.setHeader('traceparent', 'own')
          sent.setHeader('x-own', '1')
          sent.write('hel')
          const [response] = await once(sent.end('lo'), 'response')
          await text(response)
        }
      })

      const [span] = await recorder.waitFor(2)
      const [first, second] = origin.received
      expect(first?.lines).toMatchObject({
        baggage: ['tenant.id=acme,color=red'],
        traceparent: [expect.stringContaining(span?.spanContext().spanId ?? '')],
        'x-own': ['1'],
      })
      expect(second?.lines).not.toHaveProperty('baggage')
    },
  )

  it.each([
    [{ path: '@localhost/' }, undefined],
    [{ path: '//localhost/' }, undefined],
    [{ hostname: 'localhost#.example.com' }, undefined],
    [{ hostname: 'localhost?.example.com' }, undefined],
    [{ hostname: 'shop.example.com@localhost' }, undefined],
    [{ hostname: 'localhost' }, ['tenant.id=acme']],
    [{ hostname: 'localhost', path: '*', method: 'OPTIONS' }, ['tenant.id=acme']],
  ])('decides by the host that %j is really sent to', async (options, baggage) => {
    // Whatever the name is: what counts is who would be asked for it.
    const lookup: typeof dns.lookup = ((
      _: string,
      asked: object,
      done: (...args: unknown[]) => void,
    ) =>
      'all' in asked && asked.all === true
        ? done(null, [{ address: '127.0.0.1', family: 4 }])
        : done(null, '127.0.0.1', 4)) as never
    const given = { hostname: 'shop.example.com', port: origin.port, agent, lookup, ...options }
    await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
      const sent = request(given as http.RequestOptions)
      const [response] = await once(sent.end(), 'response')
      await text(response)
    })

    const received = origin.received.map(({ lines }) => lines.baggage)
    expect(received).toEqual(received.length === 0 ? [] : [baggage])
  })

  it('leaves an error without a listener to be thrown', async () => {
    const sent = request(`${origin.url}/ok`, { agent })
    expect(sent.listenerCount('error')).toBe(0)
    expect(sent.listenerCount('response')).toBe(0)
    sent.on('error', () => {}).destroy()

    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it('ends the span of an unread body with its headers', async () => {
    const response = await get(`${origin.url}/big`)
    const now = Date.now()

    const [span] = await recorder.waitFor(1)
    const [seconds = 0, nanoseconds = 0] = span?.endTime ?? []
    // Else it would be the half second later at which it is found unread; clocks differ by less.
    expect(seconds * 1000 + nanoseconds / 1e6).toBeLessThan(now + 250)
    response.destroy()
  })

  it('ends the span of a response without a listener', async () => {
    request(`${origin.url}/ok`, { agent }).end()

    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it.each<[string, (sent: ClientRequest) => unknown]>([
    ['destroy()', (sent) => sent.destroy()],
    ['abort()', (sent) => sent.abort()],
  ])('does not call %s an error', async (_, give) => {
    for (const path of ['/hang', '/half']) {
      const before = origin.hanging
      const sent = request(`${origin.url}${path}`, { agent }).on('error', () => {})
      sent.on('response', (response) => response.on('error', () => {}))
      sent.end()
      if (path === '/half') await once(sent, 'response')
      else while (origin.hanging === before) await new Promise(setImmediate)
      give(sent)
    }

    const spans = await recorder.waitFor(2)
    expect(spans.map((span) => span.status.code)).toEqual([
      SpanStatusCode.UNSET,
      SpanStatusCode.UNSET,
    ])
  })

  it('calls it an error when a request that has timed out is destroyed', async () => {
    const sent = request(`${origin.url}/hang`, { agent, timeout: 30 }).on('error', () => {})
    sent.on('timeout', () => sent.destroy())
    sent.end()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.ERROR)
  })

  it('calls a body that breaks off an error, also without a listener', async () => {
    const response = await get(`${origin.url}/broken`)
    response.resume()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('ECONNRESET')
  })

  it('keeps many requests over few sockets apart', async () => {
    const tracer = trace.getTracer('test')
    await Promise.all(
      Array.from({ length: 10 }, () =>
        tracer.startActiveSpan('request', async (parent) => {
          await text(await get(`${origin.url}/ok`))
          parent.end()
        }),
      ),
    )

    const spans = await recorder.waitFor(20)
    const parents = spans.filter(({ name }) => name === 'request')
    expect(
      spans
        .filter(({ name }) => name === 'GET')
        .map((span) => span.parentSpanContext?.spanId)
        .sort(),
    ).toEqual(parents.map((span) => span.spanContext().spanId).sort())
  })
})
