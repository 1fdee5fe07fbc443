import type { ClientRequest, IncomingMessage } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** What a collector has answered. */
export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  /** Its beginning; of a 2xx answer, nothing unless it is whole. */
  readonly body: Buffer
}

const MAX_ANSWER_BYTES = 65_536
/** Longest wait for the body of a 2xx answer: its status has said what matters. */
const MAX_BODY_MILLIS = 500

/** One request. */
export interface Exchange {
  readonly body: Uint8Array
  /** Longest time until there is an answer, in milliseconds. */
  readonly millis: number
  open(listener: (answer: IncomingMessage) => void): ClientRequest
  /** Told as soon as the collector says that it has taken the body, though the answer is not over. */
  onTaken(): unknown
  /** Told when there is an answer and the whole body is with the system: nothing reads it any more. */
  onRead(): unknown
}

/** Sends a request, and resolves to the answer. Rejects when there is none. */
export function exchange({ body, millis, open, onTaken, onRead }: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = open((message) => {
      if (isTaken(message.statusCode ?? 0)) onTaken()
      readAnswer(message, (answer, isWhole) => {
        if (sent.writableFinished) onRead()
        resolve(answer)
        if (!isWhole) sent.destroy()
      })
    })
    limitTime(sent, millis)
    sent.on('error', reject)
    sent.on('socket', (socket) => socket.unref())
    sent.end(body)
  })
}

/** Whatever becomes of the body: once there is a status, the collector has answered. */
function readAnswer(
  message: IncomingMessage,
  done: (answer: Answer, isWhole: boolean) => void,
): void {
  const { statusCode: status = 0, headers } = message
  const taken = isTaken(status)
  const chunks: Buffer[] = []
  let size = 0
  let over = false
  const end = (isWhole: boolean): void => {
    if (over) return
    over = true
    clearTimeout(timer)
    const body = unpack(Buffer.concat(taken && !isWhole ? [] : chunks), headers['content-encoding'])
    done({ status, retryAfter: headers['retry-after'], body }, isWhole)
  }
  const timer = setTimeout(end, MAX_BODY_MILLIS, false).unref()
  message.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= MAX_ANSWER_BYTES) chunks.push(chunk)
    else end(false)
  })
  message.on('error', () => end(false))
  message.on('close', () => end(false))
  message.on('end', () => end(true))
}

const UNPACK: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

/** We ask for none of it, but a proxy may pack what the collector says; nothing if it cannot be read. */
function unpack(body: Buffer, encoding: string | undefined): Buffer {
  const name = encoding?.trim().toLowerCase() ?? 'identity'
  if (body.length === 0 || name === 'identity') return body
  try {
    return UNPACK[name]?.(body, { maxOutputLength: MAX_ANSWER_BYTES }) ?? Buffer.alloc(0)
  } catch {
    return Buffer.alloc(0)
  }
}

/** Whether a collector that answers so has taken what it was sent. */
export function isTaken(status: number): boolean {
  return status >= 200 && status < 300
}

function limitTime(sent: ClientRequest, millis: number): void {
  const expire = (): void => {
    sent.destroy(Object.assign(new Error(`no response within ${millis} ms`), { code: 'ETIMEDOUT' }))
  }
  const timer = setTimeout(expire, millis).unref()
  sent.once('close', () => clearTimeout(timer))
}
