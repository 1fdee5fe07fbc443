import { once } from 'node:events'
import http, { type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanStatusCode } from '@opentelemetry/api'
import axios from 'axios'
import {
  Agent,
  EnvHttpProxyAgent,
  fetch,
  getGlobalDispatcher,
  interceptors,
  MockAgent,
  ProxyAgent,
  Request,
  Response,
  request,
  setGlobalDispatcher,
} from 'undici'
import { traceAxios } from '../src/axios.ts'
import { traceFetch } from '../src/fetch.ts'
import { traceUndici } from '../src/undici.ts'

let recorder: Recorder
let server: Server
let url: string
let arrived = 0

beforeAll(async () => {
  recorder = createRecorder()
  server = http.createServer((_request, response) => {
    arrived += 1
    response.setHeader('cache-control', 'max-age=60')
    response.end('x'.repeat(5000))
  })
  // A proxy that lets nobody through.
  server.on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await recorder.settled()
  recorder.reset()
  arrived = 0
})
afterAll(async () => {
  server.closeAllConnections()
  await once(server.close(), 'close')
  await recorder.shutdown()
})

describe('What undici gives up for its own reasons', () => {
  const target = 'https://orders.example.test/items'
  const refused: [string, () => Promise<unknown>][] = [
    [
      'fetch, refused by a proxy',
      () => traceFetch(fetch)(target, { dispatcher: new ProxyAgent(url) }),
    ],
    [
      'request(), refused by a proxy',
      () => request(target, { dispatcher: new ProxyAgent(url).compose(traceUndici()) }),
    ],
    [
      'request(), refused by a proxy of the environment',
      () => {
        const agent = new EnvHttpProxyAgent({ httpsProxy: url, noProxy: '' })
        return request(target, { dispatcher: agent.compose(traceUndici()) })
      },
    ],
    [
      'an answer that dump() within finds too large',
      () => request(url, { dispatcher: new Agent().compose(dump(), traceUndici()) }),
    ],
    [
      'an answer that dump() around it finds too large',
      () => request(url, { dispatcher: new Agent().compose(traceUndici(), dump()) }),
    ],
  ]
  const dump = (): ReturnType<typeof interceptors.dump> => interceptors.dump({ maxSize: 100 })

  it.each(refused)('is an error: %s', async (_, call) => {
    await expect(call()).rejects.toThrow()

    const [span, ...others] = await recorder.waitFor(1)
    expect(others).toEqual([])
    expect(span?.status.code).toBe(SpanStatusCode.ERROR)
    expect(span?.attributes['error.type']).toBe('UND_ERR_ABORTED')
  })

  it('is not what a body is called off for, nor a signal of another kind', async () => {
    const dispatcher = new Agent().compose(traceUndici())
    const { body } = await request(url, { dispatcher })
    body.on('error', () => {}).destroy()
    const { EventEmitter } = await import('node:events')
    const signal = new EventEmitter()
    const calling = request(url, { dispatcher, signal })
    signal.emit('abort')
    await expect(calling).rejects.toThrow()

    for (const span of await recorder.waitFor(1)) {
      expect(span.status.code).toBe(SpanStatusCode.UNSET)
    }
  })
})

describe('An answer out of a cache', () => {
  it.each(['within', 'around'])('has no span of undici, the cache %s it', async (where) => {
    const both = [interceptors.cache(), traceUndici()]
    const dispatcher = new Agent().compose(...(where === 'within' ? both : both.reverse()))
    for (let count = 0; count < 3; count += 1) {
      const { body } = await request(`${url}/${where}`, { dispatcher })
      expect(await body.text()).toHaveLength(5000)
    }
    await recorder.settled()

    expect(arrived).toBe(1)
    expect(recorder.spans()).toHaveLength(1)
  })

  it('has no span of fetch, nor of axios over one', async () => {
    const before = getGlobalDispatcher()
    setGlobalDispatcher(new Agent().compose(interceptors.cache()))
    try {
      const calls = [traceFetch(fetch), axiosOverFetch()]
      for (const [index, call] of calls.entries()) {
        for (let count = 0; count < 3; count += 1) await call(`${url}/${index}`)
      }
    } finally {
      setGlobalDispatcher(before)
    }
    await recorder.settled()

    expect(arrived).toBe(2)
    expect(recorder.spans()).toHaveLength(2)
  })

  it('has no span where it is laid over axios, and says so', async () => {
    const client = traceAxios(axios.create())
    await client.get('http://api.example.com/', {
      adapter: async (config) => {
        const answer = { data: 'x', status: 200, statusText: '', headers: {}, config }
        return Object.assign(answer, { cached: true })
      },
    })
    await recorder.settled()

    expect(recorder.spans()).toEqual([])
  })

  const axiosOverFetch = (): ((to: string) => Promise<unknown>) => {
    const env = { fetch, Request, Response } as never
    const client = traceAxios(axios.create({ adapter: 'fetch', env }))
    return (to) => client.get(to)
  }
})

describe('An answer that a test has made up', () => {
  it('has its span all the same', async () => {
    const mock = new MockAgent()
    mock.disableNetConnect()
    mock.get('http://api.example.com').intercept({ path: '/' }).reply(200, 'made up')
    const dispatcher = mock.compose(traceUndici())
    await (await request('http://api.example.com/', { dispatcher })).body.text()
    await mock.close()

    expect(await recorder.waitFor(1)).toHaveLength(1)
  })
})
