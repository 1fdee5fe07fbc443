import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** Servers that listen. */
export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** What a server does with requests, and with what is no HTTP/1. */
export interface Handlers {
  readonly onRequest: RequestListener
  readonly onForeign: (packet: unknown, socket: Socket) => void
}

// Whoever sends nothing more must not take the place of others for long.
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
}

/**
 * Listens on a host; beside 127.0.0.1 also on [::1], where the machine has it, since some senders
 * look for "localhost" there only.
 *
 * @throws the error of node:net when the port cannot be had
 */
export async function listen(host: string, port: number, handlers: Handlers): Promise<Listening> {
  const first = await listenOn(host, port, handlers)
  const servers = [first]
  const actual = portOf(first)
  if (host === '127.0.0.1' || host === 'localhost') {
    const other = host === 'localhost' ? '127.0.0.1' : '::1'
    const second = await listenOn(other, actual, handlers).catch(() => undefined)
    if (second !== undefined) servers.push(second)
  }
  return {
    port: actual,
    async close() {
      await Promise.all(servers.map(closeServer))
    },
  }
}

function listenOn(host: string, port: number, handlers: Handlers): Promise<Server> {
  const server = createServer(TIMEOUTS, handlers.onRequest)
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: unknown }, socket) => {
    if (!('remoteAddress' in socket)) return
    handlers.onForeign(error.rawPacket, socket as Socket)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject)
      resolve(server)
    })
  })
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
