import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from '@jest/globals'
import { SpanStatusCode } from '@opentelemetry/api'
import axios, { type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'
import { traceAxios } from '../src/axios.ts'
import { type CallOptions, clientPromises, origin, recorder } from './client-promises.ts'

const client = traceAxios(axios.create())

for (const adapter of ['http', 'fetch'] as const) {
  clientPromises(
    `axios, ${adapter}`,
    async (url: string, options: CallOptions = {}) =>
      (await client.request({ url, adapter, ...options })).status,
    { reset: ['ECONNRESET', 'UND_ERR_SOCKET', 'ERR_BAD_RESPONSE'] },
  )

  describe(`axios, ${adapter}`, () => {
    it('calls running out of its own time an error', async () => {
      await expect(client.get(`${origin.url}/hang`, { adapter, timeout: 30 })).rejects.toThrow()

      const [span] = await recorder.waitFor(1)
      expect(span?.attributes['error.type']).toMatch(/^(?:ECONNABORTED|ETIMEDOUT)$/)
    })

    it('tells the connection it went over', async () => {
      await client.get(`${origin.url}/ok`, { adapter })

      const [span] = await recorder.waitFor(1)
      expect(span?.attributes).toMatchObject({
        'network.peer.address': '127.0.0.1',
        'network.peer.port': origin.port,
        'network.protocol.version': '1.1',
      })
    })
  })
}

describe('axios: a stream', () => {
  const get = (path: string): Promise<AxiosResponse> =>
    client.get(`${origin.url}${path}`, { responseType: 'stream' })

  it('ends the span with its last byte', async () => {
    const { data } = await get('/big')
    expect(recorder.open()).toHaveLength(1)
    await text(data)

    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it('ends the span at its headers when nobody reads it', async () => {
    const { data } = await get('/big')
    const now = Date.now()

    const [span] = await recorder.waitFor(1)
    const [seconds = 0, nanoseconds = 0] = span?.endTime ?? []
    // Else it would be the half second later at which it is found unread; clocks differ by less.
    expect(seconds * 1000 + nanoseconds / 1e6).toBeLessThan(now + 250)
    data.destroy()
  })

  it('may be destroyed, which is not an error', async () => {
    const { data } = await get('/half')
    data.destroy()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('may break, which is one', async () => {
    const { data } = await get('/broken')
    await expect(text(data)).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('ECONNRESET')
  })
})

describe('axios', () => {
  const ids: number[] = []

  afterEach(() => {
    for (const id of ids.splice(0)) client.interceptors.request.eject(id)
  })

  it('hands back the instance, with the configuration that the application has given', async () => {
    expect(traceAxios(client)).toBe(client)
    let seen: InternalAxiosRequestConfig | undefined
    ids.push(
      client.interceptors.request.use((config) => {
        seen = config
        return config
      }),
    )
    const { config } = await client.get(`${origin.url}/ok`, { headers: { accept: 'text/plain' } })
    const error = await client.get(`${origin.url}/status?code=500`).catch((reason) => reason)

    expect(error.response.config).toBe(seen)
    expect(error.config).toBe(seen)
    expect(
      [...Object.keys(config.headers.toJSON())].map((name) => name.toLowerCase()),
    ).not.toContain('traceparent')
    expect(await recorder.waitFor(2)).toHaveLength(2)
  })

  it('keeps base URL, parameters and its own hook for redirects', async () => {
    const hops: unknown[] = []
    await client.get('/redirect', {
      baseURL: origin.url,
      params: { to: '/ok' },
      beforeRedirect: (options) => {
        hops.push(options.href)
        options.headers['x-own'] = '1'
      },
    })

    const [first] = await recorder.waitFor(2)
    expect(first?.attributes['url.full']).toBe(`${origin.url}/redirect?to=%2Fok`)
    expect(hops).toEqual([`${origin.url}/ok`])
    expect(origin.received[1]?.headers).toMatchObject({ 'x-own': '1' })
  })

  it('gives a failed request that is sent again its own span', async () => {
    const error = await client.get(`${origin.url}/status?code=503`).catch((reason) => reason)
    await client.request(error.config).catch(() => {})

    const spans = await recorder.waitFor(2)
    expect(new Set(spans.map((span) => span.spanContext().spanId)).size).toBe(2)
    expect(origin.received.map(({ lines }) => lines.traceparent?.length)).toEqual([1, 1])
  })

  it('traces what is made of a traced instance, and any adapter', async () => {
    const child = traceAxios(client.create())
    await child.get(`${origin.url}/ok`)
    await child.get('http://api.example.com/', {
      adapter: async (config) => ({ data: '', status: 204, statusText: '', headers: {}, config }),
    })

    const spans = await recorder.waitFor(2)
    expect(spans.map((span) => span.attributes['http.response.status_code'])).toEqual([200, 204])
  })
})
