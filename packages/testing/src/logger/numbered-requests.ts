import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends requests over one connection without waiting for their answers, and reads these to the end. */
export async function pipeline(port: number, socketNumber: number, count: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').resume()
  for (let sent = 0; sent < count; sent += 1) {
    socket.write(requestText(socketNumber * count + sent + 1, sent === count - 1))
  }
  await once(socket, 'close')
}

/** A request that says by its number which trace and which user it is of. */
export function requestText(number: number, isLast: boolean): string {
  return [
    `GET /${number} HTTP/1.1`,
    'host: localhost',
    `traceparent: 00-${traceIdOf(number)}-b7ad6b7169203331-01`,
    `baggage: user.id=u${number}`,
    ...(isLast ? ['connection: close'] : []),
    '\r\n',
  ].join('\r\n')
}

/** The trace of a numbered request. */
export function traceIdOf(number: number): string {
  return number.toString(16).padStart(32, '0')
}
