import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import * as http2 from 'node:http2'
import { type AddressInfo, connect, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { createServerTracer, runIn, traceNodeRequest } from '../../src/index.ts'
import { record } from '../recorder.ts'

type Request = IncomingMessage | http2.Http2ServerRequest
type Response = ServerResponse | http2.Http2ServerResponse

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

/** An application that ends its response as soon as it learns that the request was aborted. */
function application() {
  const tracer = createServerTracer()
  let [arrive, close] = [() => {}, () => {}]
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const closed = new Promise<void>((resolve) => {
    close = resolve
  })
  const listener = (req: Request, res: Response) => {
    req.on('error', () => {})
    req.once('aborted', () => res.end())
    req.resume()
    res.once('close', () => setImmediate(close))
    runIn(traceNodeRequest(tracer, req, res, { route: () => '/import' }), arrive)
  }
  return { listener, arrived, closed }
}

async function portOf(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

const aborted = { name: 'POST /import', attributes: { 'error.type': 'client_abort' } }

describe('a response that is ended only when the client has aborted its request', () => {
  it('is not complete over HTTP/1', async () => {
    const { listener, arrived, closed } = application()
    const server = createServer(listener)
    const socket = connect(await portOf(server), '127.0.0.1')
    socket.write('POST /import HTTP/1.1\r\nhost: shop\r\ncontent-length: 100\r\n\r\nhalf')
    await arrived
    socket.destroy()
    await closed
    await new Promise((done) => server.close(done))

    expect(exporter.getFinishedSpans()).toMatchObject([aborted])
  })

  it('is not complete over HTTP/2, though the stream is closed without an error', async () => {
    const { listener, arrived, closed } = application()
    const server = http2.createServer(listener)
    const client = http2.connect(`http://127.0.0.1:${await portOf(server)}`)
    const stream = client.request({ ':method': 'POST', ':path': '/import' }, { endStream: false })
    stream.on('error', () => {}).write('half')
    await arrived
    stream.close(http2.constants.NGHTTP2_NO_ERROR)
    await closed
    client.close()
    await new Promise((done) => server.close(done))

    expect(exporter.getFinishedSpans()).toMatchObject([aborted])
  })
})
