import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { startTimer, stopTimer } from '../timers.ts'

const TIMEOUT_MILLIS = 10_000

/** A TCP connection to a server, for what an HTTP client would not send or would hide. */
export interface RawConnection {
  readonly socket: Socket
  /** Sends text as it is; the lines of a template are joined by CR LF. */
  send(...lines: string[]): void
  /**
   * Resolves to what has come in since the last time, once it matches. Rejects when the server closes
   * the connection or is silent for ten seconds.
   */
  receive(pattern: RegExp): Promise<string>
  /** Resolves to what has come in since the last time, once the connection is closed. */
  ended(): Promise<string>
}

/** Opens a TCP connection to a port of this host. */
export async function openConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
  })
  // A reset is what some promises are about; it shows in what was received.
  socket.on('error', () => {})
  await once(socket, 'connect')
  const take = (): string => {
    const taken = received
    received = ''
    return taken
  }
  return {
    socket,
    send: (...lines) => void socket.write(lines.join('\r\n')),
    receive: (pattern) => until(socket, () => (pattern.test(received) ? take() : undefined)),
    ended: () => until(socket, () => (socket.closed ? take() : undefined)),
  }
}

function until(socket: Socket, read: () => string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const finish = (result: () => void): void => {
      stopTimer(timer)
      socket.off('data', look).off('close', look)
      result()
    }
    const look = (): void => {
      const text = read()
      if (text !== undefined) finish(() => resolve(text))
      else if (socket.closed) finish(() => reject(new Error('the server closed the connection')))
    }
    const timer = startTimer(
      () => finish(() => reject(new Error(`the server was silent for ${TIMEOUT_MILLIS} ms`))),
      TIMEOUT_MILLIS,
    )
    socket.on('data', look).on('close', look)
    look()
  })
}
