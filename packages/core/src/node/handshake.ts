import type { Socket } from 'node:net'

/** A response whose headers leave through it, or are written past it. */
interface Headed {
  readonly headersSent: boolean
}

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/
const SWITCHING_PROTOCOLS = 101

/**
 * Tells the status of an answer that is written on the socket itself, past the response: the handshake
 * of a WebSocket, or its refusal. Only for requests that ask for an upgrade; the socket has its own
 * methods back with the first answer, whatever part of the code gives it.
 */
export function watchHandshake(
  socket: Socket,
  res: Headed,
  answered: (statusCode: number) => void,
): void {
  const look = (chunk: unknown): void => {
    const status = res.headersSent ? undefined : statusOf(chunk)
    // An interim answer (100, 102, 103) has another one after it.
    if (status !== undefined && status < 200 && status !== SWITCHING_PROTOCOLS) return
    for (const restore of restoring) restore()
    if (status !== undefined) answered(status)
  }
  const restoring = [before(socket, 'write', look), before(socket, 'end', look)]
}

type Told = (chunk: unknown) => void

// Gives what takes it back again. Where somebody has put a method of theirs over ours, ours just passes on.
function before(socket: Socket, name: 'write' | 'end', tell: Told): () => void {
  const original: unknown = socket[name]
  if (typeof original !== 'function') return () => {}
  const isOwn = Object.hasOwn(socket, name)
  let told: Told | undefined = tell
  const own = function (this: unknown, ...args: unknown[]): unknown {
    told?.(args[0])
    return Reflect.apply(original, this, args)
  }
  Object.defineProperty(socket, name, { value: own, configurable: true, writable: true })
  return () => {
    told = undefined
    if (socket[name] !== (own as unknown)) return
    if (isOwn) Object.defineProperty(socket, name, { value: original })
    else Reflect.deleteProperty(socket, name)
  }
}

function statusOf(chunk: unknown): number | undefined {
  const head = Buffer.isBuffer(chunk) ? chunk.toString('latin1', 0, 12) : chunk
  const status = typeof head === 'string' ? STATUS_LINE.exec(head)?.[1] : undefined
  return status === undefined ? undefined : Number(status)
}
