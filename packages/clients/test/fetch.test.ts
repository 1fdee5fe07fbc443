import { describe, expect, it } from '@jest/globals'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { traceFetch } from '../src/fetch.ts'
import { clientPromises, origin, recorder } from './client-promises.ts'

const fetch = traceFetch()

clientPromises(
  'fetch',
  async (url, options) => {
    const response = await fetch(url, options)
    await response.text()
    return response.status
  },
  { reset: ['ECONNRESET', 'UND_ERR_SOCKET'] },
)

describe('fetch: the body', () => {
  it('ends the span with its last byte, not with the headers', async () => {
    const response = await fetch(`${origin.url}/big`)
    expect(recorder.open()).toHaveLength(1)
    await response.arrayBuffer()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('ends the span at its headers when nobody reads it', async () => {
    const response = await fetch(`${origin.url}/big`)
    const now = Date.now()

    const [span] = await recorder.waitFor(1)
    const [seconds = 0, nanoseconds = 0] = span?.endTime ?? []
    // Else it would be the half second later at which it is found unread; clocks differ by less.
    expect(seconds * 1000 + nanoseconds / 1e6).toBeLessThan(now + 250)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
    expect(response.bodyUsed).toBe(false)
    await response.body?.cancel()
  })

  it.each([undefined, 'enough', new Error('enough')])(
    'may be cancelled, with %p, which is no error',
    async (reason) => {
      const response = await fetch(`${origin.url}/half`)
      await response.body?.cancel(reason)

      const [span] = await recorder.waitFor(1)
      expect(span?.status.code).toBe(SpanStatusCode.UNSET)
      expect(span?.attributes['http.response.status_code']).toBe(200)
    },
  )

  it('may be cancelled in the middle, which is not an error', async () => {
    const controller = new AbortController()
    const response = await fetch(`${origin.url}/half`, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(response.text()).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('may be absent', async () => {
    await fetch(`${origin.url}/empty`)
    await fetch(`${origin.url}/ok`, { method: 'HEAD' })

    expect(await recorder.waitFor(2)).toHaveLength(2)
  })
})

describe('fetch', () => {
  it('tells the connection it went over', async () => {
    await (await fetch(`${origin.url}/ok`)).text()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes).toMatchObject({
      'network.peer.address': '127.0.0.1',
      'network.peer.port': origin.port,
      'network.protocol.version': '1.1',
    })
  })

  it('takes a Request and leaves it as it is', async () => {
    const request = new Request(`${origin.url}/ok`, {
      method: 'POST',
      headers: { 'x-own': '1', baggage: 'color=red' },
      body: 'hello',
    })
    const response = await fetch(request)
    await response.text()

    expect(response).toBeInstanceOf(Response)
    expect(origin.received[0]).toMatchObject({ method: 'POST', headers: { 'x-own': '1' } })
    expect([...request.headers.keys()].sort()).toEqual(['baggage', 'content-type', 'x-own'])
  })

  it('keeps the referrer of a Request', async () => {
    const referrer = `${origin.url}/page`
    const given = { referrer, referrerPolicy: 'unsafe-url' } as const
    await (await fetch(new Request(`${origin.url}/ok`, given))).text()
    await (await fetch(new Request(`${origin.url}/ok`, given), {})).text()

    expect(origin.received.map(({ headers }) => headers.referer)).toEqual([referrer, referrer])
    await recorder.waitFor(2)
  })

  it('keeps calls that are made for the body of another apart from that one', async () => {
    const inner = traceFetch(undefined, { urlTemplate: () => '/inner' })
    async function* body(): AsyncGenerator<Buffer> {
      const answer = await inner(`${origin.url}/redirect`, { headers: { baggage: 'color=red' } })
      yield Buffer.from(await answer.text())
    }
    const init = { method: 'POST', body: body(), duplex: 'half' } as unknown as RequestInit
    await (await fetch(`${origin.url}/status?code=201`, init)).text()

    const spans = await recorder.waitFor(3)
    const [outer] = spans.filter(({ name }) => name === 'POST')
    expect(outer?.attributes).toMatchObject({ 'http.response.status_code': 201 })
    expect(spans.map(({ parentSpanContext }) => parentSpanContext)).toEqual(
      Array(3).fill(undefined),
    )
    expect(origin.received.map(({ lines }) => lines.traceparent?.length)).toEqual([1, 1, 1])
    expect(recorder.open()).toEqual([])
  })

  it('shows no credentials in what it says of a URL that fetch refuses', async () => {
    const url = `http://ada:lovelace@127.0.0.1:${origin.port}/?token=secret`
    await expect(fetch(url)).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    const shown = JSON.stringify([span?.attributes, span?.events])
    expect(shown).toContain('REDACTED:REDACTED@127.0.0.1')
    expect(shown).not.toMatch(/lovelace|secret/)
  })

  it.each<[string, (response: Response) => unknown]>([
    ['is cloned', (response) => response.clone()],
    ['has a reader that does not read', (response) => response.body?.getReader()],
  ])('ends the span at its headers where a body that nobody reads %s', async (_, hold) => {
    const response = await fetch(`${origin.url}/big`)
    const held = hold(response)

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
    expect([held, response]).not.toContain(undefined)
  })

  it('ends the span of a port that fetch refuses', async () => {
    await expect(fetch('http://127.0.0.1:1/')).rejects.toThrow('fetch failed')

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.ERROR)
  })

  it('opens no span for a URL that never leaves the process', async () => {
    for (const url of ['data:,hello', ' data:,hello', 'DATA:,hello'])
      expect(await (await fetch(url)).text()).toBe('hello')
    await expect(fetch('ftp://localhost/')).rejects.toThrow()
    await expect(fetch('/relative')).rejects.toThrow('/relative')

    expect([...recorder.spans(), ...recorder.open()]).toEqual([])
  })

  it('does not follow a redirect that it is told not to follow', async () => {
    const manual = await fetch(`${origin.url}/redirect`, { redirect: 'manual' })
    expect(manual.status).toBe(302)
    await manual.text()
    await expect(fetch(`${origin.url}/redirect`, { redirect: 'error' })).rejects.toThrow()

    const spans = await recorder.waitFor(2)
    expect(spans.map((span) => span.attributes['http.response.status_code'])).toEqual([302, 302])
    expect(recorder.open()).toEqual([])
  })

  it('is traced once when it is traced twice', async () => {
    expect(traceFetch(fetch)).toBe(fetch)
    const wrapped = traceFetch((input: string, init?: RequestInit) => fetch(input, init))
    await (await wrapped(`${origin.url}/ok`)).text()

    expect(await recorder.waitFor(1)).toHaveLength(1)
    expect(recorder.open()).toEqual([])
    expect(origin.received[0]?.lines.traceparent).toHaveLength(1)
  })

  it('keeps many calls over few connections apart', async () => {
    const tracer = trace.getTracer('test')
    await Promise.all(
      Array.from({ length: 20 }, () =>
        tracer.startActiveSpan('request', async (parent) => {
          await (await fetch(`${origin.url}/redirect`)).text()
          parent.end()
        }),
      ),
    )

    const spans = await recorder.waitFor(60)
    for (const parent of spans.filter(({ name }) => name === 'request')) {
      const children = spans.filter(
        (span) => span.parentSpanContext?.spanId === parent.spanContext().spanId,
      )
      expect(children.map((span) => span.attributes['http.request.resend_count'])).toEqual([
        undefined,
        1,
      ])
    }
  })
})

describe('A fetch that is not undici', () => {
  it('gets the headers with its options, and the application its own back untouched', async () => {
    const seen: Headers[] = []
    const mock = traceFetch(async (_url: string, init?: RequestInit) => {
      seen.push(new Headers(init?.headers))
      return new Response('mocked', { status: 418 })
    })
    const init = { headers: { accept: 'text/plain' } }
    const response = await mock('https://api.example.com/', init)

    const [span] = await recorder.waitFor(1)
    expect(response.status).toBe(418)
    expect(span?.attributes['error.type']).toBe('418')
    expect(seen[0]?.get('traceparent')).toContain(span?.spanContext().spanId)
    expect(init).toEqual({ headers: { accept: 'text/plain' } })
  })

  it('may throw, or answer without a promise', async () => {
    const throws = traceFetch((): Promise<Response> => {
      throw new RangeError('mock')
    })
    expect(() => throws()).toThrow(RangeError)
    const answers = traceFetch(((url: string) => url) as unknown as () => Promise<string>)
    expect((answers as unknown as (url: string) => string)('http://api.example.com/')).toBe(
      'http://api.example.com/',
    )

    expect(recorder.open()).toEqual([])
  })

  it('is looked up again for each call when it is the global one', async () => {
    const original = globalThis.fetch
    globalThis.fetch = (async () => new Response('mocked')) as typeof original
    try {
      expect(await (await fetch('http://api.example.com/')).text()).toBe('mocked')
    } finally {
      globalThis.fetch = original
    }
  })
})
