import { createServer, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { createOutbox, type Outbox } from '../../src/http/outbox.ts'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { spanId, traceId } from '../spans.ts'

describe('A list of ids', () => {
  const viewer = viewerForTests()
  beforeAll(() =>
    sendSpans(viewer.url, [
      { trace: 9, id: 1 },
      { trace: 8, id: 1 },
    ]),
  )
  const ways = ['9', '09', traceId(9), '0009', '9', '8', '8']

  it('gives each trace once, in the order asked for', async () => {
    const zipkin = await ask(`${viewer.url}/api/v2/traceMany?traceIds=${ways.join()}`)
    expect(zipkin.json.map(([first]: { traceId: string }[]) => first?.traceId)).toEqual([
      traceId(9),
      traceId(8),
    ])
    const jaeger = await ask(
      `${viewer.url}/api/traces?${ways.map((id) => `traceID=${id}`).join('&')}`,
    )
    expect(jaeger.json).toMatchObject({ total: 2, errors: null })
    expect(jaeger.json.data.map(({ traceID }: { traceID: string }) => traceID)).toEqual([
      traceId(9),
      traceId(8),
    ])
  })
})

describe('Answers that are not read', () => {
  const held = async (maxBytes: number, maxSilence: number) => {
    const outbox: Outbox = createOutbox(maxBytes, maxSilence)
    const waiting: (ServerResponse | undefined)[] = []
    let arrived: (() => void) | undefined
    const server = createServer((_, response) => {
      const sending = outbox.admit(response, 100)
      waiting.push(sending && response)
      if (sending === undefined) response.end()
      arrived?.()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const sockets: Socket[] = []
    const request = async (count = 1): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      sockets.push(socket)
      const before = waiting.length
      socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(count))
      while (waiting.length < before + 1)
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      return socket
    }
    const close = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    return { outbox, waiting, request, close }
  }

  it('are refused when there is no room, and those before them still read', async () => {
    const { outbox, waiting, request, close } = await held(250, 60_000)
    for (let count = 0; count < 3; count += 1) await request()
    expect(waiting.map((each) => each !== undefined)).toEqual([true, true, false])
    expect(outbox.bytes).toBe(200)
    await close()
  })

  it('make room, the one that was idle longest first', async () => {
    const { outbox, waiting, request, close } = await held(250, 0)
    const first = await request()
    const gone = new Promise((resolve) => first.once('close', resolve))
    await request()
    await request()
    await gone
    expect(waiting.map((each) => each?.destroyed)).toEqual([true, false, false])
    expect(outbox.bytes).toBe(200)
    await close()
  })

  it('no longer count when their client has gone, also those that were pipelined', async () => {
    const { outbox, waiting, request, close } = await held(10_000, 60_000)
    const socket = await request(5)
    expect(outbox.bytes).toBeGreaterThan(0)
    const response = waiting[0]
    const closed = new Promise((resolve) => response?.req.socket.once('close', resolve))
    socket.destroy()
    await closed
    expect(outbox.bytes).toBe(0)
    await close()
  })

  it('may be larger than all that may wait, when alone', async () => {
    const { outbox, request, close } = await held(50, 60_000)
    await request()
    expect(outbox.bytes).toBe(100)
    await close()
  })
})

describe('A viewer whose answers are not read', () => {
  const viewer = viewerForTests()

  it('holds few of them, and answers others', async () => {
    const text = 'x'.repeat(60_000)
    const many = Array.from({ length: 200 }, (_, index) => ({
      ...{ trace: 9, id: index + 1, attributes: { text: `${index}${text}` } },
    }))
    for (let at = 0; at < many.length; at += 50)
      await sendSpans(viewer.url, many.slice(at, at + 50))
    const { port } = new URL(viewer.url)
    const before = process.memoryUsage().arrayBuffers
    const sockets: Socket[] = []
    const statuses: string[] = []
    for (let count = 0; count < 30; count += 1) {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
      sockets.push(socket)
      socket.write('GET /api/local/traces/9 HTTP/1.1\r\nhost: localhost\r\n\r\n')
      await new Promise<void>((resolve) => {
        socket.once('data', (chunk: Buffer) => {
          statuses.push(chunk.toString('latin1', 9, 12))
          socket.pause()
          resolve()
        })
        socket.once('close', () => resolve())
      })
    }
    expect(statuses).toContain('429')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150 * 1024 * 1024)
    expect((await ask(`${viewer.url}/api/local/traces`)).json.traces).toHaveLength(1)
    for (const socket of sockets) socket.destroy()
    const whole = async (): Promise<number> => {
      const { status, json } = await ask(`${viewer.url}/api/local/traces/9`)
      return status === 429 ? whole() : json.spans.length
    }
    expect(await whole()).toBe(200)
    expect((await ask(`${viewer.url}/api/local/traces/9/spans/${spanId(1)}`)).status).toBe(200)
  })
})
