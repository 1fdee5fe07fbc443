/** @jest-environment ./packages/clients/test/node-environment.cjs */
import { once } from 'node:events'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { runWithIdentity } from '@callchain/core'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import axios from 'axios'
import { Agent, fetch, interceptors, request } from 'undici'
import { selfSigned } from '../../testing/src/client/self-signed.ts'
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

let recorder: Recorder
let server: Http2SecureServer
let port: number
const sessions = new Set<ServerHttp2Session>()
const received: [string, string | string[] | undefined][] = []

beforeAll(async () => {
  recorder = createRecorder()
  server = createSecureServer({ ...selfSigned(), allowHTTP1: true }, (incoming, response) => {
    received.push([incoming.httpVersion, incoming.headers.baggage])
    if (incoming.url === '/redirect') {
      response.writeHead(302, { location: `https://localhost:${port}/ok` }).end()
    } else if (incoming.url === '/broken') {
      response.stream.close(2)
    } else {
      response.end('ok')
    }
  }).listen(0)
  server.on('session', (session) => sessions.add(session))
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
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

    const spans = await recorder.waitFor(2)
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

describe('axios over HTTP/2', () => {
  const http2 = { httpVersion: 2, http2Options: connect } as const

  it('has its span and its headers', async () => {
    await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
      await client.get(`https://127.0.0.1:${port}/ok`, http2)
      await client.get(`https://localhost:${port}/ok`, http2)
    })

    expect(await recorder.waitFor(2)).toHaveLength(2)
    expect(received).toEqual([
      ['2.0', 'tenant.id=acme'],
      ['2.0', undefined],
    ])
  })
})

describe('A certificate that nobody has signed', () => {
  it('is named on the span', async () => {
    await expect(traceFetch()(`https://localhost:${port}/ok`)).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  })
})
