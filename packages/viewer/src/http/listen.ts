import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { withoutBrackets } from '../address/host.ts'

/** Servers that listen. */
export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** What a server does with requests, and with what is not HTTP/1. */
export interface Handlers {
  readonly onRequest: RequestListener
  readonly onForeign: (foreign: Foreign) => void
}

/** What is not an HTTP/1 request, or not one that can be waited for. */
export interface Foreign {
  /** The bytes that were not understood. */
  readonly packet: unknown
  /** The code of Node's error. */
  readonly code: string | undefined
  readonly socket: Socket
}

// A request may arrive slowly: its reader gives up a body that stops.
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 15 * 60_000,
  connectionsCheckingInterval: 5000,
}
const MAX_IDLE_MILLIS = 60_000

/**
 * Listens on a host; with 127.0.0.1 also on [::1], where the machine has it, since some senders
 * look for "localhost" there only.
 *
 * @throws the error of node:net when the port cannot be had
 */
export async function listen(host: string, port: number, handlers: Handlers): Promise<Listening> {
  const { port: actual, servers } = await listenOnHost(host, port, () => createHttp(handlers))
  return {
    port: actual,
    async close() {
      await Promise.all(servers.map(closeServer))
    },
  }
}

/** A server, or two of them, on one port of a host. */
export interface ServersOnHost<Each> {
  readonly port: number
  readonly servers: readonly Each[]
}

/**
 * Has servers that are made listen on a host, as `listen()` does.
 *
 * @throws the error of node:net when the port cannot be had
 */
export async function listenOnHost<Each extends NetServer>(
  host: string,
  port: number,
  make: () => Each,
): Promise<ServersOnHost<Each>> {
  const first = await listenOn(host, port, make())
  const servers = [first]
  const actual = portOf(first)
  if (host === '127.0.0.1' || host === 'localhost') {
    const other = host === 'localhost' ? '127.0.0.1' : '::1'
    const second = await listenOn(other, actual, make()).catch(() => undefined)
    if (second !== undefined) servers.push(second)
  }
  return { port: actual, servers }
}

function createHttp(handlers: Handlers): Server {
  const server = createServer(TIMEOUTS, handlers.onRequest)
  // Also for a client that does not read its answer; a stream sends something more often.
  server.timeout = MAX_IDLE_MILLIS
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: unknown }, socket) => {
    if (!('remoteAddress' in socket)) return
    handlers.onForeign({ packet: error.rawPacket, code: error.code, socket: socket as Socket })
  })
  return server
}

function listenOn<Each extends NetServer>(host: string, port: number, server: Each): Promise<Each> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: withoutBrackets(host), port, exclusive: true }, () => {
      server.removeListener('error', reject)
      resolve(server)
    })
  })
}

const FOREIGN_ANSWERS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

/** Ends a connection on which no request can be answered, with a status that says why. */
export function refuseForeign(socket: Socket, code = ''): void {
  const status = FOREIGN_ANSWERS[code] ?? '400 Bad Request'
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`)
  else socket.destroy()
}

function portOf(server: NetServer): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
