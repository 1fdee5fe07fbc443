import type { Socket } from 'node:net'

const PREFACE_LENGTH = 24
const HEAD_LENGTH = 9
const [HEADERS, SETTINGS, GOAWAY] = [1, 4, 7]
const END_STREAM_AND_HEADERS = 0x05
const NO_ERROR = 0
const HTTP_1_1_REQUIRED = 0xd
// Enough for the settings and the first call of any client.
const MAX_READ = 65_536
// A busy machine takes its time to make the call.
const WAIT_FOR_CALL_MILLIS = 3000
const LINGER_MILLIS = 2000

/**
 * Ends an HTTP/2 connection, of which the first bytes have come. A call over gRPC is answered with
 * UNIMPLEMENTED and what its sender has to change, so that it is in the sender's own log; a client
 * without a call gets it in a GOAWAY (RFC 9113, section 6.8).
 */
export function refuseHttp2(socket: Socket, begin: Uint8Array, explained: string): void {
  let read = Buffer.from(begin)
  const finish = (stream: number): void => {
    clearTimeout(timer)
    socket.off('data', onData)
    const answer = stream === 0 ? Buffer.alloc(0) : frame(HEADERS, stream, refusal(explained))
    socket.end(Buffer.concat([answer, goAway(stream, explained)]))
    // What still arrives is read, since unread bytes would destroy the answer.
    socket.resume()
    const linger = setTimeout(() => socket.destroy(), LINGER_MILLIS).unref()
    socket.once('close', () => clearTimeout(linger))
  }
  const look = (): void => {
    const stream = firstCall(read)
    if (stream > 0 || read.length > MAX_READ) finish(stream)
  }
  const onData = (bytes: Buffer): void => {
    read = Buffer.concat([read, bytes])
    look()
  }
  const timer = setTimeout(() => finish(0), WAIT_FOR_CALL_MILLIS).unref()
  // The parser of HTTP/1 has given up, and would only do so again.
  socket
    .removeAllListeners('data')
    .on('data', onData)
    .once('close', () => clearTimeout(timer))
  socket.write(frame(SETTINGS, 0, Buffer.alloc(0)))
  look()
}

/** The stream of the first HEADERS frame that has begun; 0 when none has. */
function firstCall(bytes: Buffer): number {
  for (
    let at = PREFACE_LENGTH;
    at + HEAD_LENGTH <= bytes.length;
    at += HEAD_LENGTH + bytes.readUIntBE(at, 3)
  )
    if (bytes[at + 3] === HEADERS) return bytes.readUInt32BE(at + 5) & 0x7fff_ffff
  return 0
}

function frame(type: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_LENGTH)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(type === HEADERS ? END_STREAM_AND_HEADERS : 0, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

function goAway(lastStream: number, explained: string): Buffer {
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32BE(lastStream, 0)
  // A call that was answered is not a failure of the connection.
  numbers.writeUInt32BE(lastStream > 0 ? NO_ERROR : HTTP_1_1_REQUIRED, 4)
  return frame(GOAWAY, 0, Buffer.concat([numbers, Buffer.from(explained)]))
}

/** The headers of an answer that is nothing else, in HPACK (RFC 7541, section 6.2.2) but for the status. */
function refusal(explained: string): Buffer {
  const STATUS_200 = 0x88
  return Buffer.concat([
    Buffer.from([STATUS_200]),
    header('content-type', 'application/grpc'),
    header('grpc-status', '12'),
    header('grpc-message', explained),
  ])
}

function header(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)])
}

/** A text with its length before it, whose first byte holds up to 126 (RFC 7541, section 5.1). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  const length: number[] = []
  if (bytes.length < 127) length.push(bytes.length)
  else {
    let rest = bytes.length - 127
    length.push(127)
    for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128)
    length.push(rest)
  }
  return Buffer.concat([Buffer.from(length), bytes])
}
