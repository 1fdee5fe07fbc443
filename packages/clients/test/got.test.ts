/** @jest-environment ./packages/clients/test/node-environment.cjs */
import http, { Agent } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import { SpanStatusCode } from '@opentelemetry/api'
import { traceAgent } from '../src/agent.ts'
import { traceGot } from '../src/got.ts'
import { type CallOptions, clientPromises, origin, recorder } from './client-promises.ts'

// Of Node's realm, as are the errors that it throws.
declare const requireByNode: (name: string) => unknown

type Got = typeof import('got', { with: { 'resolution-mode': 'import' }})['got']

const { got: untraced } = requireByNode('got') as { got: Got }
const got = traceGot(untraced)

clientPromises(
  'got',
  async (url, { method = 'GET', ...options }: CallOptions = {}) => {
    const response = await got(url, { method: method as 'GET', retry: { limit: 0 }, ...options })
    return response.statusCode
  },
  { reset: ['ECONNRESET'] },
)

describe('got', () => {
  it('keeps its shortcuts, its defaults and its types', async () => {
    const child = got.extend({ headers: { 'x-own': '1' } })
    expect(await child.get(`${origin.url}/ok`).text()).toBe('ok')

    expect(origin.received[0]?.lines).toMatchObject({ 'x-own': ['1'] })
    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it('is traced once when it is traced twice', async () => {
    expect(traceGot(got)).toBe(got)
    await traceGot(got.extend({}))(`${origin.url}/ok`)
    await got(`${origin.url}/ok`, { agent: { http: traceAgent(new Agent()) } })

    expect(await recorder.waitFor(2)).toHaveLength(2)
    expect(recorder.open()).toEqual([])
  })

  it('gives each retry its own span', async () => {
    const retry = {
      limit: 2,
      calculateDelay: ({ computedValue }: { computedValue: number }) => Math.min(computedValue, 1),
    }
    await got(`${origin.url}/status?code=503`, { retry }).catch(() => {})

    const spans = await recorder.waitFor(3)
    expect(spans.map((span) => span.attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
      2,
    ])
    expect(new Set(origin.received.map(({ headers }) => headers.traceparent)).size).toBe(3)
  })

  it('lets the hooks of the application make calls of their own', async () => {
    const refreshing = got.extend({
      hooks: { beforeRequest: [async () => void (await got(`${origin.url}/token`))] },
    })
    await refreshing(`${origin.url}/ok`)

    const spans = await recorder.waitFor(2)
    expect(spans.map((span) => span.attributes['url.full'])).toEqual([
      `${origin.url}/token`,
      `${origin.url}/ok`,
    ])
  })

  it('decides by what the hooks of the application have made of the request', async () => {
    const only = traceGot(untraced, { send: { identity: ['localhost'] } })
    await only(`${origin.url}/ok`, {
      hooks: {
        beforeRequest: [
          (options) => {
            options.headers.baggage = 'color=red'
          },
        ],
      },
    })

    expect(origin.received[0]?.lines.baggage).toBeUndefined()
  })

  it('pages through with a span for each page', async () => {
    const pages = got.paginate(`${origin.url}/ok`, {
      pagination: {
        transform: () => [1],
        paginate: ({ allItems }) => (allItems.length < 3 ? {} : false),
        stackAllItems: true,
      },
    })
    for await (const _ of pages);

    const spans = await recorder.waitFor(3)
    expect(spans.map((span) => span.attributes['http.request.resend_count'])).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('calls running out of its own time an error', async () => {
    await expect(
      got(`${origin.url}/hang`, { timeout: { request: 30 }, retry: { limit: 0 } }),
    ).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('ETIMEDOUT')
  })

  it('does not call it an error to be cancelled', async () => {
    const before = origin.hanging
    const call = got(`${origin.url}/hang`)
    call.catch(() => {})
    while (origin.hanging === before) await new Promise(setImmediate)
    call.cancel()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('uses the agents of the application, and none where there is to be none', async () => {
    const agent = new Agent({ keepAlive: true })
    await got(`${origin.url}/ok`, { agent: { http: agent } })
    expect(Object.keys(agent.freeSockets)).toHaveLength(1)
    agent.destroy()
    await got(`${origin.url}/ok`, { agent: { http: false } })
    expect(http.globalAgent).toBeInstanceOf(Agent)

    expect(await recorder.waitFor(2)).toHaveLength(2)
  })
})

describe('got: a stream', () => {
  it('ends the span with its last byte', async () => {
    expect(await text(got.stream(`${origin.url}/big`))).toHaveLength(8_000_000)

    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it('ends the span at its headers when nobody reads it', async () => {
    const stream = got.stream(`${origin.url}/big`)
    await new Promise((resolve) => stream.on('response', resolve))
    const now = Date.now()

    const [span] = await recorder.waitFor(1)
    const [seconds = 0, nanoseconds = 0] = span?.endTime ?? []
    // Else it would be the half second later at which it is found unread; clocks differ by less.
    expect(seconds * 1000 + nanoseconds / 1e6).toBeLessThan(now + 250)
    stream.destroy()
  })

  it('may be destroyed, which is not an error', async () => {
    const stream = got.stream(`${origin.url}/half`)
    await new Promise((resolve) => stream.on('response', resolve))
    stream.destroy()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  })
})
