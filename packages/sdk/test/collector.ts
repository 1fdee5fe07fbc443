import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The body, decompressed. */
  readonly body: Buffer
}

/** A real HTTP receiver on loopback that keeps what it is sent. */
export interface Collector {
  readonly url: string
  readonly received: Received[]
  /** Resolves once `count` requests have come in. */
  requests(count: number): Promise<Received[]>
  close(): Promise<void>
}

export type Answer = (response: ServerResponse, received: Received) => void

const ok: Answer = (response) => response.end()

export async function startCollector(answer: Answer = ok): Promise<Collector> {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const sent = Buffer.concat(chunks)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
      const one = { path: request.url ?? '', headers: request.headers, body }
      received.push(one)
      for (const check of waiting) check()
      answer(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    received,
    requests: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (received.length < count) return
          waiting.delete(check)
          resolve(received)
        }
        waiting.add(check)
        check()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** A URL on loopback that nobody listens to, on a port that no system hands out to others. */
export async function closedUrl(): Promise<string> {
  const port = randomInt(15_000, 32_000)
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return closedUrl()
  }
  await once(server.close(), 'close')
  return `http://127.0.0.1:${port}`
}
