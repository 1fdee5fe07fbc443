import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  connect as http2Connect,
} from 'node:http2'
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https'
import { setRoute } from '@callchain/core'
import { traceListener, traceServer } from '@callchain/node'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { selfSigned } from '../../testing/src/client/self-signed.ts'
import { ask, closeAll, listening } from './listening.ts'

let recorder: Recorder
beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  closeAll()
  await recorder.settled()
  await recorder.shutdown()
})

describe('traceListener', () => {
  it.each([
    {
      how: 'throws',
      listener: (): void => {
        throw new RangeError('out')
      },
    },
    { how: 'rejects', listener: async (): Promise<void> => Promise.reject(new RangeError('out')) },
  ])('records what a listener $how, and lets it go on', async ({ listener }) => {
    let seen: unknown
    const traced = traceListener(listener)
    const port = await listening(
      createServer(async (req, res) => {
        try {
          await traced(req, res)
        } catch (error) {
          seen = error
          res.writeHead(500).end()
        }
      }),
    )
    expect(await ask(port)).toBe(500)

    const [span] = await recorder.waitFor(1)
    expect(seen).toBeInstanceOf(RangeError)
    expect(span).toMatchObject({ attributes: { 'error.type': 'RangeError' } })
  })

  it('takes the route from setRoute() before the one of the option', async () => {
    const listener: RequestListener = traceListener(
      (req, res) => {
        if (req.method === 'POST') setRoute('/items/{sku}')
        res.end()
      },
      { route: (req) => (req.url === '/items/7' ? '/items/:id' : undefined) },
    )
    const port = await listening(createServer(listener))
    await ask(port)
    await ask(port, { method: 'POST' })
    await ask(port, { path: '/none' })

    const spans = await recorder.waitFor(3)
    expect(spans.map(({ name }) => name)).toEqual(['GET /items/:id', 'POST /items/{sku}', 'GET'])
  })

  it('traces https', async () => {
    const server = createHttpsServer(
      selfSigned(),
      traceListener((_req, res) => res.end()),
    )
    const port = await listening(server)
    const req = httpsRequest({ host: '127.0.0.1', port, rejectUnauthorized: false }).end()
    const [res] = await once(req, 'response')
    res.resume()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes).toMatchObject({ 'url.scheme': 'https', 'server.port': port })
  })

  it.each([
    { how: 'traceListener', traced: true },
    { how: 'traceServer', traced: false },
  ])('traces both protocols of a server of HTTP/2 with TLS ($how)', async ({ traced }) => {
    const answer = (_req: Http2ServerRequest, res: Http2ServerResponse): void => {
      res.end()
    }
    const options = { ...selfSigned(), allowHTTP1: true }
    const server = traced
      ? createSecureServer(options, traceListener(answer))
      : traceServer(createSecureServer(options, answer))
    const port = await listening(server)
    const session = http2Connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
    const stream = session.request({ ':path': '/' })
    await once(stream.resume(), 'end')
    session.close()
    const req = httpsRequest({ host: '127.0.0.1', port, rejectUnauthorized: false }).end()
    const [res] = await once(req, 'response')
    res.resume()

    const spans = await recorder.waitFor(2)
    expect(spans.map(({ attributes }) => attributes['network.protocol.version'])).toEqual([
      '2',
      '1.1',
    ])
  })
})
