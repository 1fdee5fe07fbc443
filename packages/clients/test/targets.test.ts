import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import http, { Agent, type ClientRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { runWithIdentity } from '@callchain/core'
import { afterAll, describe, expect, it } from '@jest/globals'
import axios, { type AxiosAdapter, type AxiosRequestConfig } from 'axios'
import { Client, Agent as Dispatcher, type Dispatcher as Dispatching, request } from 'undici'
import { traceAgent } from '../src/agent.ts'
import { traceAxios } from '../src/axios.ts'
import { traceUndici } from '../src/undici.ts'
import { origin, recorder } from './client-promises.ts'

const FOREIGN = 'shop.example.com'
const as = (callback: () => Promise<unknown>): Promise<unknown> =>
  runWithIdentity({ 'tenant.id': 'acme' }, callback)

describe('A hook of axios that changes where a redirect goes', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['its name', { hostname: FOREIGN }, `http://${FOREIGN}:PORT/ok`],
    ['its path', { path: '/empty?a=1' }, 'http://127.0.0.1:PORT/empty?a=1'],
    ['the whole URL, for a proxy', { path: `http://${FOREIGN}/ok` }, `http://${FOREIGN}/ok`],
    // What Node does not go by, once there is a name.
    ['a host that does not count', { host: FOREIGN }, 'http://127.0.0.1:PORT/ok'],
    ['what is for show', { href: `http://${FOREIGN}/` }, 'http://127.0.0.1:PORT/ok'],
  ]

  it.each(cases)('is asked what it has made of %s', async (_, change, expected) => {
    const client = traceAxios(axios.create())
    const config: AxiosRequestConfig = {
      beforeRedirect: (options) => Object.assign(options, change),
    }
    await as(() => client.get(`${origin.url}/redirect`, config))

    const [, second] = await recorder.waitFor(2)
    const url = expected.replace('PORT', String(origin.port))
    expect(second?.attributes).toMatchObject({
      'url.full': url,
      'server.address': new URL(url).hostname,
    })
    const isForeign = new URL(url).hostname === FOREIGN
    expect(origin.received[1]?.lines.baggage).toEqual(isForeign ? undefined : ['tenant.id=acme'])
  })

  it('is asked for its port and its protocol as well', async () => {
    const client = traceAxios(axios.create())
    const beforeRedirect = (options: object): object =>
      Object.assign(options, { protocol: 'https:', port: origin.port })
    await client.get(`${origin.url}/redirect`, { beforeRedirect }).catch(() => {})

    const [, second] = await recorder.waitFor(2)
    expect(second?.attributes['url.full']).toBe(`https://127.0.0.1:${origin.port}/ok`)
  })
})

describe('An adapter of the application that changes where axios sends a request', () => {
  it.each(['http', 'fetch'] as const)(
    'is asked by what it has made of it, over %s',
    async (name) => {
      const url = `http://${FOREIGN}:${origin.port}/ok`
      const client = traceAxios(axios.create())
      const adapter: AxiosAdapter = (config) => axios.getAdapter(name)({ ...config, url })
      await as(() => client.get(`${origin.url}/first`, { adapter }))

      expect(origin.received[0]?.lines.baggage).toBeUndefined()
      const [span] = await recorder.waitFor(1)
      expect(span?.attributes).toMatchObject({ 'url.full': url, 'server.address': FOREIGN })
    },
  )

  it('has a span for each request that it sends, redirects included', async () => {
    const client = traceAxios(axios.create())
    const adapter: AxiosAdapter = async (config) => {
      await axios.getAdapter('http')(config)
      return axios.getAdapter('http')(config)
    }
    await client.get(`${origin.url}/redirect`, { adapter })

    const spans = await recorder.waitFor(4)
    expect(spans.map(({ attributes }) => attributes['http.request.resend_count'] ?? 0)).toEqual([
      0, 1, 2, 3,
    ])
  })
})

describe('A request of node:http', () => {
  const send = (change: (request: ClientRequest) => void): Promise<unknown> =>
    as(async () => {
      const sent = http.request(`${origin.url}/ok`, { agent: traceAgent(new Agent()) })
      change(sent)
      const [response] = await once(sent.end(), 'response')
      await text(response)
    })

  it('is decided for the URL that takes the place of its path later', async () => {
    await send((sent) => {
      sent.path = `http://${FOREIGN}/items`
    })

    expect(origin.received[0]?.lines.baggage).toBeUndefined()
    const [span] = await recorder.waitFor(1)
    expect(span?.attributes).toMatchObject({
      'url.full': `http://${FOREIGN}/items`,
      'server.address': FOREIGN,
      'server.port': 80,
    })
  })

  it('goes where it was made for, whatever is set as its host later', async () => {
    await send((sent) => {
      sent.host = FOREIGN
      sent.path = '/empty'
    })

    expect(origin.received[0]?.lines.baggage).toEqual(['tenant.id=acme'])
    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['url.full']).toBe(`${origin.url}/empty`)
  })
})

describe('An interceptor of undici that changes where a request goes', () => {
  it('is asked what it has made of it, and so is the template', async () => {
    const elsewhere: Dispatching.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
      dispatch({ ...options, origin: `http://${FOREIGN}:${origin.port}`, path: '/ok' }, handler)
    const trace = traceUndici({ urlTemplate: ({ pathname }) => pathname })
    const dispatcher = new Dispatcher().compose(elsewhere, trace)
    await as(async () => (await request(`${origin.url}/first`, { dispatcher })).body.text())

    expect(origin.received[0]?.lines.baggage).toBeUndefined()
    const [span] = await recorder.waitFor(1)
    expect(span).toMatchObject({
      name: 'GET /ok',
      attributes: {
        'url.full': `http://${FOREIGN}:${origin.port}/ok`,
        'url.template': '/ok',
        'server.address': FOREIGN,
      },
    })
  })
})

describe('Over a socket of the file system', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callchain-socket-'))
  let socketPath: string
  let count = 0
  const calls: [string, () => Promise<unknown>, string][] = [
    ['axios', () => axiosGet({}), 'http://localhost/containers'],
    [
      'axios with a path to go by',
      () => axiosGet({ baseURL: '/v1' }),
      'http://localhost/v1/containers',
    ],
    [
      'axios with parameters',
      () => axiosGet({ baseURL: 'http://engine/v1', params: { all: 1 } }),
      'http://engine/v1/containers?all=1',
    ],
    ['node:http', () => nodeGet(), 'http://localhost/containers'],
    ['undici', () => undiciGet(), 'http://engine/containers'],
  ]

  it.each(calls)('%s has its span, with the URL as it completes it', async (_, call, url) => {
    const sent: unknown[] = []
    count += 1
    socketPath = join(folder, `engine${count}`)
    const server = http.createServer(({ headers }, response) => {
      sent.push(headers.traceparent)
      response.end('{}')
    })
    await once(server.listen(socketPath), 'listening')
    try {
      await call()
    } finally {
      server.closeAllConnections()
      await once(server.close(), 'close')
    }

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['url.full']).toBe(url)
    expect(sent).toEqual([expect.stringContaining(span?.spanContext().spanId ?? '')])
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  const axiosGet = (config: AxiosRequestConfig): Promise<unknown> =>
    traceAxios(axios.create({ socketPath, ...config })).get('/containers')
  const nodeGet = async (): Promise<unknown> => {
    const agent = traceAgent(new Agent())
    const [response] = await once(http.get({ socketPath, agent, path: '/containers' }), 'response')
    return text(response)
  }
  const undiciGet = async (): Promise<unknown> => {
    const client = new Client('http://engine', { socketPath })
    const dispatcher = client.compose(traceUndici())
    const { body } = await dispatcher.request({ path: '/containers', method: 'GET' })
    await body.text()
    await client.close()
    return undefined
  }
})
