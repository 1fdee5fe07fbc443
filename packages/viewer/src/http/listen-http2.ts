import type {
  Http2Server,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2'
import { createServer, type Server, type Socket } from 'node:net'
import { type Listening, listenOnHost } from './listen.ts'

/** What a server does with the streams of HTTP/2, and with connections of another protocol. */
export interface Http2Handlers {
  readonly onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void
  /** `begin` are the bytes that came first. */
  readonly onOther: (socket: Socket, begin: Buffer) => void
}

const PREFACE = 'PRI * HTTP/2.0'
// Clients keep a connection for hours, and open another when they need one.
const MAX_IDLE_MILLIS = 5 * 60_000
const MAX_SILENCE_MILLIS = 10_000
const SETTINGS = { initialWindowSize: 1024 * 1024, maxConcurrentStreams: 100 }
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024
const MAX_SESSION_MEGABYTES = 64

/**
 * Listens for HTTP/2 without TLS on a host, as `listen()` does for HTTP/1.
 *
 * @throws the error of node:net when the port cannot be had
 */
export async function listenHttp2(
  host: string,
  port: number,
  handlers: Http2Handlers,
): Promise<Listening> {
  // Loaded only where it is wanted: starting must stay quick.
  const { createServer: createHttp2 } = await import('node:http2')
  const sockets = new Set<Socket>()
  const http2 = createHttp2({ settings: SETTINGS, maxSessionMemory: MAX_SESSION_MEGABYTES })
  http2
    .on('session', (session: ServerHttp2Session) => {
      session.setLocalWindowSize(SESSION_WINDOW_BYTES)
      session.setTimeout(MAX_IDLE_MILLIS, () => session.close())
    })
    .on('sessionError', () => {})
    .on('stream', handlers.onStream)
  const onConnection = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    sortOut(socket, http2, handlers)
  }
  const { port: actual, servers } = await listenOnHost(host, port, () => createServer(onConnection))
  return {
    port: actual,
    async close() {
      const closing = servers.map(closeServer)
      for (const socket of sockets) socket.destroy()
      http2.close()
      await Promise.all(closing)
    },
  }
}

/** Hands a connection to whom its first bytes are meant for. */
function sortOut(socket: Socket, http2: Http2Server, { onOther }: Http2Handlers): void {
  const silence = setTimeout(() => socket.destroy(), MAX_SILENCE_MILLIS)
  socket.on('error', () => {}).once('close', () => clearTimeout(silence))
  socket.once('data', (begin: Buffer) => {
    clearTimeout(silence)
    if (!isHttp2(begin)) return onOther(socket, begin)
    socket.pause()
    socket.unshift(begin)
    http2.emit('connection', socket)
  })
}

function isHttp2(begin: Buffer): boolean {
  return PREFACE.startsWith(begin.toString('latin1', 0, PREFACE.length))
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
