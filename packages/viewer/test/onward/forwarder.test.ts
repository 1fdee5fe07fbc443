import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { ForwardFigures } from '../../src/contract/receiver.ts'
import { createForwarder } from '../../src/onward/forwarder.ts'
import { startViewer } from '../../src/public/start-viewer.ts'
import type { Viewer, ViewerOptions } from '../../src/public/viewer-options.ts'
import { ask, sendSpans } from '../request.ts'
import { traceId } from '../spans.ts'

let open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.reverse()) await each.close()
  open = []
})

async function viewer(options: ViewerOptions = {}): Promise<Viewer> {
  const started = await startViewer({ port: 0, ...options })
  open.push(started)
  return started
}

interface Got {
  readonly path: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Buffer
}

/** A backend that answers as it is told to, and keeps what it got. */
async function backend(answers: (number | [number, Record<string, string>])[] = []) {
  const got: Got[] = []
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = gunzipSync(Buffer.concat(chunks))
    got.push({ path: request.url ?? '', headers: request.headers, body })
    const [status, headers] = [answers.shift() ?? 200].flat() as [number, Record<string, string>?]
    response.writeHead(status, headers).end('{}')
    server.emit('got')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    close() {
      server.closeAllConnections()
      server.close()
    },
  })
  const until = async (count: number): Promise<Got[]> => {
    while (got.length < count) await once(server, 'got')
    return got
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got, until }
}

const figuresOf = async ({ url }: Viewer): Promise<ForwardFigures> =>
  (await ask(`${url}/api/local/receiver`)).json.forward

async function eventually(look: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('A viewer that forwards', () => {
  it('sends on what comes as it came, with its headers, and shows it here, too', async () => {
    const { url, until } = await backend()
    const from = await viewer({ forward: { url: `${url}/base/`, headers: { 'x-key': 'secret' } } })
    await sendSpans(from.url, [{ trace: 1, id: 1, name: 'GET /' }])
    const [one] = await until(1)
    expect(one?.path).toBe('/base/v1/traces')
    expect(one?.headers).toMatchObject({
      ...{ 'content-type': 'application/json', 'content-encoding': 'gzip' },
      ...{ 'x-key': 'secret', 'callchain-forwarded': '1' },
    })
    expect(JSON.parse(String(one?.body)).resourceSpans[0].scopeSpans[0].spans[0].name).toBe('GET /')
    await eventually(async () => (await figuresOf(from)).sent === 1)
    expect(await figuresOf(from)).toEqual({
      ...{ url: `${url}/base/`, sent: 1, waiting: 0, failed: 0, dropped: 0 },
    })
    expect((await ask(`${from.url}/api/local/stats`)).json.spans).toBe(1)
  })

  it('can forward to another viewer, Zipkin as OTLP, and does not go round in circles', async () => {
    const second = await viewer()
    const first = await viewer({ forward: { url: second.url } })
    const zipkin = [{ traceId: '7'.padStart(32, '0'), id: '9'.padStart(16, '0'), name: 'get' }]
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(zipkin)
    await ask(`${first.url}/api/v2/spans`, { method: 'POST', headers, body })
    await eventually(
      async () => (await ask(`${second.url}/api/local/traces/${traceId(7)}`)).status === 200,
    )
    const { port } = new URL(first.url)
    await first.close()
    const itself = await viewer({ port: Number(port), forward: { url: first.url } })
    await sendSpans(itself.url, [{ trace: 8, id: 1 }])
    await eventually(async () => (await figuresOf(itself)).sent === 4)
    await eventually(async () => (await figuresOf(itself)).waiting === 0)
    expect((await ask(`${itself.url}/api/local/stats`)).json.spans).toBe(1)
  })

  it('sends on what three viewers have forwarded, and nothing that four have', async () => {
    const { url, until } = await backend()
    const forwarder = createForwarder({ url, headers: {} }, 1)
    open.push(forwarder)
    const one = { path: '/v1/logs', type: 'application/json', body: Buffer.from('{}') }
    forwarder.send({ ...one, hops: 4 })
    expect(forwarder.figures).toMatchObject({ sent: 0, waiting: 0 })
    forwarder.send({ ...one, hops: 3 })
    const [last] = await until(1)
    expect(last?.headers).toMatchObject({ 'callchain-forwarded': '4' })
  })

  it('tries again what the backend asks for again, and no other', async () => {
    const { url, until } = await backend([503, [429, { 'retry-after': '0' }], 200, 400])
    const forwarder = createForwarder({ url, headers: {} }, 1)
    open.push(forwarder)
    const one = { path: '/v1/logs', type: 'application/json', body: Buffer.from('{}'), hops: 0 }
    forwarder.send(one)
    await until(3)
    await eventually(() => forwarder.figures.sent === 1)
    forwarder.send(one)
    await eventually(() => forwarder.figures.failed === 1)
    expect(forwarder.figures).toMatchObject({ sent: 1, fault: `${url}/v1/logs answered 400` })
  })

  it('gives up a backend that cannot be reached, and says so on the Receiver screen', async () => {
    const { url } = await backend()
    await open.pop()?.close()
    const forwarder = createForwarder({ url, headers: {} }, 1)
    open.push(forwarder)
    forwarder.send({ path: '/v1/traces', type: 'x', body: Buffer.from('a'), hops: 0 })
    await eventually(() => forwarder.figures.failed === 1)
    expect(forwarder.figures.fault).toMatch(`${url} cannot be reached: connect ECONNREFUSED`)
    const refusing = await backend([400])
    const from = await viewer({ forward: { url: refusing.url } })
    await sendSpans(from.url, [{ trace: 1, id: 1 }])
    await eventually(async () => (await figuresOf(from)).failed === 1)
    const { hints } = (await ask(`${from.url}/api/local/receiver`)).json
    expect(hints).toMatchObject([
      { code: 'forward', message: expect.stringContaining('answered 400') },
    ])
  })

  it('keeps within bounds what waits, the newest of it, and counts the rest', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const forwarder = createForwarder({ url: `http://127.0.0.1:${port}`, headers: {} })
    const body = Buffer.alloc(5 * 1024 * 1024)
    for (let at = 0; at < 20; at++) forwarder.send({ path: '/v1/traces', type: 'x', body, hops: 0 })
    // Four are on their way, six fit in 32 MiB.
    expect(forwarder.figures).toMatchObject({ waiting: 10, dropped: 10, sent: 0 })
    const began = Date.now()
    await forwarder.close()
    expect(Date.now() - began).toBeLessThan(10_000)
    silent.closeAllConnections()
    silent.close()
  })
})
