/** @jest-environment ./packages/clients/test/node-environment.cjs */
import { EventEmitter, once } from 'node:events'
import {
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { runWithIdentity } from '@callchain/core'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import axios from 'axios'
import { Agent, fetch, interceptors, request } from 'undici'
import { selfSigned } from '../../testing/src/client/self-signed.ts'
import { closedPort } from '../../testing/src/listen.ts'
import { traceAxios } from '../src/axios.ts'
import { traceFetch } from '../src/fetch.ts'
import { traceGot } from '../src/got.ts'
import { traceUndici } from '../src/undici.ts'

// Of Node's realm, as are the errors that it throws.
declare const requireByNode: (name: string) => unknown

type Got = typeof import('got', { with: { 'resolution-mode': 'import' }})['got']

const options = { send: { identity: ['127.0.0.1'] } }
const connect = { rejectUnauthorized: false }
const agent = new Agent({ allowH2: true, connect })
const dispatcher = agent.compose(
  traceUndici(options),
  interceptors.redirect({ maxRedirections: 5 }),
)
const got = traceGot((requireByNode('got') as { got: Got }).got, options).extend({
  http2: true,
  https: connect,
  retry: { limit: 0 },
})
const tracedFetch = traceFetch(fetch, options)
const client = traceAxios(axios.create(), options)

const clients: [string, (url: string) => Promise<unknown>][] = [
  ['fetch', async (url) => (await tracedFetch(url, { dispatcher: agent })).text()],
  ['undici', async (url) => (await request(url, { dispatcher })).body.text()],
  ['got', (url) => got(url).text()],
]

const half = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': 200 })
  stream.write('half')
}
const calledOff = new EventEmitter()
const FAULTS: Record<string, (stream: ServerHttp2Stream) => void> = {
  '/reset': (stream) => stream.close(2),
  '/refused': (stream) => stream.close(7),
  '/cancelled': (stream) => stream.close(8),
  '/session-broken': ({ session }) => session?.destroy(new Error('broken'), 2),
  '/session-ended': ({ session }) => session?.destroy(),
  '/socket-lost': () => {
    for (const socket of sockets) socket.destroy()
  },
  '/body-lost': (stream) => {
    half(stream)
    setImmediate(() => stream.session?.destroy(new Error('broken'), 2))
  },
  '/hang': () => calledOff.emit('arrived'),
  '/half': (stream) => {
    half(stream)
    calledOff.emit('arrived')
  },
}

let recorder: Recorder
let server: Http2SecureServer
let port: number
const sessions = new Set<ServerHttp2Session>()
const sockets = new Set<Socket>()
const received: [string, string | string[] | undefined][] = []

beforeAll(async () => {
  recorder = createRecorder()
  server = createSecureServer({ ...selfSigned(), allowHTTP1: true }, (incoming, response) => {
    received.push([incoming.httpVersion, incoming.headers.baggage])
    if (incoming.url === '/redirect') {
      response.writeHead(302, { location: `https://localhost:${port}/ok` }).end()
    } else if (FAULTS[incoming.url] !== undefined) {
      FAULTS[incoming.url]?.(response.stream)
    } else {
      response.setHeader('cache-control', 'max-age=60')
      response.end('ok')
    }
  }).listen(0)
  server.on('session', (session) => sessions.add(session))
  server.on('secureConnection', (socket) => sockets.add(socket.on('error', () => {})))
  server.on('sessionError', () => {})
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
/** Identity outside any trace opens a root span, which is not a call's. */
async function clientSpans(count: number): Promise<ReturnType<Recorder['spans']>> {
  const spans = await recorder.waitFor(count + 1)
  return spans.filter(({ kind }) => kind === SpanKind.CLIENT)
}

afterEach(async () => {
  await recorder.settled()
  recorder.reset()
  received.length = 0
})
afterAll(async () => {
  await agent.destroy()
  for (const session of sessions) session.destroy()
  server.close()
  await recorder.shutdown()
})

describe.each(clients)('%s over HTTP/2', (_, call) => {
  it('has a span for each redirect, and decides for each what goes with it', async () => {
    await runWithIdentity({ 'tenant.id': 'acme' }, () => call(`https://127.0.0.1:${port}/redirect`))

    const spans = await clientSpans(2)
    expect(
      spans.map(({ attributes }) => [
        attributes['http.response.status_code'],
        attributes['http.request.resend_count'],
        attributes['network.protocol.version'],
        attributes['network.peer.port'],
      ]),
    ).toEqual([
      [302, undefined, '2', port],
      [200, 1, '2', port],
    ])
    expect(received).toEqual([
      ['2.0', 'tenant.id=acme'],
      ['2.0', undefined],
    ])
  })
})

describe('got over HTTP/2', () => {
  const ways: [string, (path: string, options?: object) => Promise<unknown>][] = [
    ['a promise', (path, options) => got(`https://127.0.0.1:${port}${path}`, options).text()],
    ['an upload', (path, options) => upload(path, options)],
    [
      'a stream',
      (path, options) =>
        // Got may say what went wrong once its stream has ended.
        text(got.stream(`https://127.0.0.1:${port}${path}`, options).on('error', () => {})),
    ],
  ]
  const upload = (path: string, options: object = {}): Promise<unknown> =>
    got.post(`https://127.0.0.1:${port}${path}`, { ...options, body: 'x'.repeat(50_000) }).text()
  const broken = Object.keys(FAULTS).filter((path) => path !== '/hang' && path !== '/half')

  it.each(ways.flatMap(([way, call]) => broken.map((path) => [way, path, call] as const)))(
    'calls it an error when the server breaks off %s: %s',
    async (_, path, call) => {
      await call(path).catch(() => {})

      const [span] = await recorder.waitFor(1)
      expect(span?.status.code).toBe(SpanStatusCode.ERROR)
      expect(span?.attributes['error.type']).toBeDefined()
    },
  )

  it.each(
    ways.flatMap(([way, call]) => ['/hang', '/half'].map((path) => [way, path, call] as const)),
  )('calls running out of its own time an error, for %s: %s', async (_, path, call) => {
    await call(path, { timeout: { request: 60 } }).catch(() => {})

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('ETIMEDOUT')
  })

  it.each(
    ways.flatMap(([way, call]) => ['/hang', '/half'].map((path) => [way, path, call] as const)),
  )('does not call it an error when the application calls off %s: %s', async (_, path, call) => {
    const controller = new AbortController()
    calledOff.once('arrived', () => controller.abort())
    await expect(call(path, { signal: controller.signal })).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
    expect(span?.attributes).toMatchObject({ 'callchain.called_off': true })
  })

  it('has a span for a connection that is refused, and for each time it is tried again', async () => {
    const retry = {
      limit: 1,
      calculateDelay: ({ computedValue }: { computedValue: number }) => Math.min(computedValue, 1),
    }
    await expect(got(`https://127.0.0.1:${await closedPort()}/`, { retry })).rejects.toThrow()

    const spans = await recorder.waitFor(2)
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual(
      Array(2).fill('ECONNREFUSED'),
    )
  })

  it('has no span for an answer out of its cache', async () => {
    const cached = got.extend({ cache: new Map() })
    for (let count = 0; count < 3; count += 1) await cached(`https://127.0.0.1:${port}/kept`)
    await recorder.settled()

    expect(received).toHaveLength(1)
    expect(recorder.spans()).toHaveLength(1)
  })
})

describe('axios over HTTP/2', () => {
  const http2 = { httpVersion: 2, http2Options: connect } as const

  it('has its span and its headers', async () => {
    await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
      await client.get(`https://127.0.0.1:${port}/ok`, http2)
      await client.get(`https://localhost:${port}/ok`, http2)
    })

    expect(await clientSpans(2)).toHaveLength(2)
    expect(received).toEqual([
      ['2.0', 'tenant.id=acme'],
      ['2.0', undefined],
    ])
  })
})

describe('A certificate that is not signed', () => {
  it('is named on the span', async () => {
    await expect(traceFetch()(`https://localhost:${port}/ok`)).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  })
})
