import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came over the wire. */
export interface Received {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Header lines by lower-case name: two of one name are two. */
  readonly lines: Readonly<Record<string, readonly string[]>>
}

/** A server on loopback that remembers what it was asked. */
export interface Origin {
  readonly port: number
  readonly url: string
  /** But what it was asked and never answers: that may come in when its test is long over. */
  readonly received: Received[]
  /** How often it was asked what it never answers. */
  readonly hanging: number
  close(): Promise<void>
}

type Answer = (response: ServerResponse, query: URLSearchParams) => void

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/ok': (response) => response.end('ok'),
  '/big': (response) => response.end('x'.repeat(8_000_000)),
  '/empty': (response) => response.writeHead(204).end(),
  '/status': (response, query) => response.writeHead(Number(query.get('code'))).end('status'),
  '/redirect': (response, query) =>
    response.writeHead(302, { location: query.get('to') ?? '/ok' }).end('moved'),
  '/hang': () => {},
  '/half': (response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('half')
  },
  '/broken': (response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('half', () => response.socket?.destroy())
  },
  '/hang-up': (response) => response.socket?.destroy(),
}

/** Starts a server on a port of its own. */
export async function startOrigin(): Promise<Origin> {
  const received: Received[] = []
  let hanging = 0
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://origin')
    const lines: Record<string, string[]> = {}
    for (let index = 0; index < request.rawHeaders.length; index += 2) {
      const name = String(request.rawHeaders[index]).toLowerCase()
      lines[name] = [...(lines[name] ?? []), String(request.rawHeaders[index + 1])]
    }
    const { method = '', headers } = request
    if (pathname === '/hang') hanging++
    else received.push({ path: pathname, method, headers, lines })
    request.resume()
    const answer = ANSWERS[pathname] ?? ANSWERS['/ok']
    answer?.(response, searchParams)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    get hanging() {
      return hanging
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
