import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { BodyLimits } from '../../src/ingest/read-body.ts'
import { startLimited } from '../../src/public/start-viewer.ts'
import type { Viewer } from '../../src/public/viewer-options.ts'
import { ask, viewerForTests } from '../request.ts'
import { otlpJson } from '../spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

const JSON_TYPE = { 'content-type': 'application/json' }
const BODY = JSON.stringify(otlpJson([{ id: 1 }]))
const spanOfBytes = (length: number): string =>
  JSON.stringify(otlpJson([{ id: 1, attributes: { text: 'x'.repeat(length) } }]))
const sendTo = (url: string, body: Buffer | string = BODY) =>
  ask(`${url}/v1/traces`, { method: 'POST', headers: JSON_TYPE, body })

describe('While others have begun to send and say nothing more, the viewer', () => {
  const viewer = viewerForTests()

  it('takes in what a sender sends', async () => {
    const stalled = await Promise.all(Array.from({ length: 200 }, () => beginSending(viewer.url)))
    for (const { socket } of stalled) socket.write(BODY.slice(0, 20))
    expect((await sendTo(viewer.url)).status).toBe(200)
    for (const { socket } of stalled) socket.destroy()
  })

  it('refuses a body whose length is too large before any of it comes', async () => {
    const { answer } = await beginSending(viewer.url, { length: 65 * 1024 * 1024 })
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('A body that stops coming', () => {
  const viewer = limitedViewer({ maxSilence: 400 })

  it('is given up with 408, and shows among the exports', async () => {
    const { socket, answer } = await beginSending(viewer.url)
    socket.write(BODY.slice(0, 20))
    const text = await answer
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(text).toMatch(/connection: close/i)
    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual({
      code: 4,
      message: expect.stringMatching(/No more of the body/),
    })
    const { json } = await ask(`${viewer.url}/api/local/receiver`)
    expect(json.exports[0]).toMatchObject({ status: 408, path: '/v1/traces' })
    expect((await ask(`${viewer.url}/api/local/stats`)).json.received.refused).toBe(1)
  })

  it('is waited for as long as some of it comes, however slowly', async () => {
    const { socket, answer } = await beginSending(viewer.url)
    const began = performance.now()
    let sent = 0
    while (performance.now() - began < 1200) {
      socket.write(BODY.slice(sent, sent + 1))
      sent += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    socket.write(BODY.slice(sent))
    expect(sent).toBeLessThan(BODY.length)
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('Under pressure', () => {
  describe('of bytes', () => {
    const viewer = limitedViewer({ maxWaiting: 50_000 })

    it('the sender goes that has been silent longest, and is asked to try again', async () => {
      const large = spanOfBytes(20_000)
      const [first, second] = [
        await beginSending(viewer.url, large),
        await beginSending(viewer.url, large),
      ]
      // Each is read before the next begins, whose head comes behind it.
      const silent: Sending[] = []
      for (const sending of [first, second]) {
        sending.socket.write(large.slice(0, 20_000))
        silent.push(await beginSending(viewer.url))
      }
      expect((await sendTo(viewer.url, large)).status).toBe(200)
      expect(await first.answer).toMatch(/^HTTP\/1\.1 429 .*retry-after: 1/is)
      second.socket.write(large.slice(20_000))
      expect(await second.answer).toMatch(/^HTTP\/1\.1 200 /)
      for (const { socket } of silent) socket.write(BODY)
      for (const { answer } of silent) expect(await answer).toMatch(/^HTTP\/1\.1 200 /)
    })

    it('a body that is larger than all that may wait is refused itself', async () => {
      expect((await sendTo(viewer.url, spanOfBytes(60_000))).status).toBe(429)
      expect((await sendTo(viewer.url, spanOfBytes(40_000))).status).toBe(200)
    })
  })

  describe('of senders', () => {
    const viewer = limitedViewer({ maxIncoming: 3 })

    it('the one that was idle longest is dropped', async () => {
      const stalled: Sending[] = []
      for (let count = 0; count < 3; count++) stalled.push(await beginSending(viewer.url))
      expect((await sendTo(viewer.url)).status).toBe(200)
      const [first, ...others] = stalled
      expect(await first?.answer).toMatch(/^HTTP\/1\.1 429 /)
      for (const { socket } of others) socket.write(BODY)
      for (const { answer } of others) expect(await answer).toMatch(/^HTTP\/1\.1 200 /)
    })
  })

  describe('of packed bodies', () => {
    const viewer = limitedViewer({ maxUnpacking: 1 })

    it('those that are there while another is unpacked are asked to try again', async () => {
      const packed = gzipSync(BODY)
      const head = `${headOf(viewer.url, packed)}content-encoding: gzip\r\n\r\n`
      const one = Buffer.concat([Buffer.from(head), packed])
      const socket = connect(Number(new URL(viewer.url).port), '127.0.0.1')
      let text = ''
      socket.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      // In one piece, so that both are there at once.
      socket.write(Buffer.concat([one, one]))
      while (statusesIn(text).length < 2) await once(socket, 'data')
      socket.destroy()
      expect(statusesIn(text)).toEqual(['200', '429'])
    })
  })
})

/** What has a length, in bytes. */
interface Sized {
  readonly length: number
}

interface Sending {
  readonly socket: Socket
  /** Head and body of what it is answered. */
  readonly answer: Promise<string>
}

/** Begins to send a body, of which nothing is sent yet; the viewer has read its head. */
async function beginSending(url: string, body: Sized = BODY): Promise<Sending> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  // A refused one may be cut off while it still sends.
  socket.on('error', () => {})
  socket.write(`${headOf(url, body)}expect: 100-continue\r\n\r\n`)
  while (!text.includes('\r\n\r\n')) await once(socket, 'data')
  text = text.slice(text.indexOf('\r\n\r\n') + 4)
  return { socket, answer: wholeAnswer(socket, () => text) }
}

async function wholeAnswer(socket: Socket, soFar: () => string): Promise<string> {
  while (!isWhole(soFar())) await once(socket, 'data')
  socket.destroy()
  return soFar()
}

function isWhole(text: string): boolean {
  const length = /content-length: (\d+)/i.exec(text)?.[1]
  const body = text.indexOf('\r\n\r\n') + 4
  return length !== undefined && body > 3 && text.length >= body + Number(length)
}

function statusesIn(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].flatMap(([, status]) => status ?? [])
}

function headOf(url: string, body: Sized): string {
  const { host } = new URL(url)
  return `POST /v1/traces HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`
}

/** A viewer with bounds on bodies of its own, closed after the tests of the block. */
function limitedViewer(limits: Partial<BodyLimits>): { readonly url: string } {
  let viewer: Viewer | undefined
  beforeAll(async () => {
    viewer = await startLimited({ port: 0 }, limits)
  })
  afterAll(() => viewer?.close())
  return {
    get url() {
      return viewer?.url ?? ''
    },
  }
}
