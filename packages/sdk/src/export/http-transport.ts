import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from 'node:http'
import { Agent as HttpsAgent, request as secureRequest } from 'node:https'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { HttpTransportOptions } from '../config/collectors.ts'
import { type Answer, type Exchange, exchange, isTaken } from './http-answer.ts'
import { parseRetryAfter } from './retry-after.ts'

/**
 * Posts bodies to one URL, with retries as OTLP/HTTP asks (OTLP 1.11, "Retryable Response Codes").
 * Nothing it waits for keeps the process alive: the caller does that if it needs the answer.
 */
export interface HttpTransport {
  /** Resolves to the body of a 2xx answer, or to the last failure, within `timeoutMillis`. Never rejects. */
  post(body: Uint8Array): Promise<Uint8Array | PostFailure>
  /** Whether the body that was posted last has been taken, though its answer may not be over. */
  hasTaken(): boolean
  /** Whether the body that was posted last is not read any more, so that its memory may be used again. */
  hasReadBody(): boolean
  /** From now on, a failure is final: there is no time left to try again. */
  stopRetrying(): void
  close(): void
}

/** A body that was not taken. */
export interface PostFailure {
  readonly error: Error
  /** Whether the collector has answered, and would answer the same again. */
  readonly refused: boolean
  /** The status of the answer, else the code of the error. */
  readonly type: string
  /** When the collector wants the body again, in milliseconds from now. */
  readonly retryAfterMillis: number | undefined
}

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504])
const MAX_RETRIES = 5
const FIRST_PAUSE_MILLIS = 1000
const PAUSE_GROWTH = 1.5
const MAX_SHOWN_ANSWER = 200

const compress = promisify(gzip)

/** A transport with its own connections, kept open between requests. */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { open, closeConnections } = createConnections(options)
  const ending = new AbortController()
  let taken = false
  let read = false

  const post = async (body: Uint8Array): Promise<Uint8Array | PostFailure> => {
    taken = false
    read = false
    const deadline = Date.now() + options.timeoutMillis
    const bytes = options.compression === 'gzip' ? await compress(body) : body
    read = bytes !== body
    for (let retries = 0; ; retries++) {
      const millis = Math.max(1, deadline - Date.now())
      const outcome = await tryOnce({
        body: bytes,
        millis,
        open: (listener) => open(bytes.length, listener),
        onTaken: () => (taken = true),
        onRead: () => (read = true),
      })
      if (outcome instanceof Uint8Array) return outcome
      const pause = pauseBeforeRetry(outcome, retries)
      const late = pause === undefined || Date.now() + pause > deadline
      if (late || (ending.signal.aborted && pause > 0)) return outcome
      await wait(pause, ending.signal)
    }
  }

  return {
    post,
    hasTaken: () => taken,
    hasReadBody: () => read,
    stopRetrying: () => ending.abort(),
    close() {
      ending.abort()
      closeConnections()
    },
  }
}

/** Opens requests to the URL, on connections of its own. */
function createConnections({ url, headers, compression, tls }: HttpTransportOptions): {
  open(length: number, listener: (answer: IncomingMessage) => void): ClientRequest
  closeConnections(): void
} {
  const secure = url.protocol === 'https:'
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, ...tls })
    : new HttpAgent({ keepAlive: true })
  const fixed = { ...headers, ...(compression === 'gzip' && { 'content-encoding': 'gzip' }) }
  return {
    open(length, listener) {
      const settings = {
        method: 'POST',
        agent,
        headers: { ...fixed, 'content-length': String(length) },
      }
      return secure ? secureRequest(url, settings, listener) : request(url, settings, listener)
    },
    closeConnections: () => agent.destroy(),
  }
}

/** A request that did not deliver. */
interface Failed extends PostFailure {
  /** Whether another try may do better. */
  readonly again: boolean
  /** Whether the collector had closed the connection, which was open since an earlier request. */
  readonly staleConnection: boolean
}

async function tryOnce(request: Exchange): Promise<Uint8Array | Failed> {
  let sent: ClientRequest | undefined
  try {
    const answer = await exchange({
      ...request,
      open(listener) {
        sent = request.open(listener)
        return sent
      },
    })
    return isTaken(answer.status) ? answer.body : failedBy(answer)
  } catch (thrown) {
    // node:http throws and emits Errors alone.
    const error = thrown as Error
    const staleConnection = sent?.reusedSocket === true && isReset(error)
    const again = isNetworkError(error)
    const type = codeOf(error) || '_OTHER'
    return { error, refused: false, type, retryAfterMillis: undefined, again, staleConnection }
  }
}

function failedBy(answer: Answer): Failed {
  const retryable = RETRYABLE_STATUS.has(answer.status)
  return {
    error: new Error(describeAnswer(answer)),
    refused: !retryable,
    type: String(answer.status),
    retryAfterMillis: retryable ? parseRetryAfter(answer.retryAfter) : undefined,
    again: retryable,
    staleConnection: false,
  }
}

function describeAnswer({ status, body }: Answer): string {
  const printable = body
    .toString()
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
  return printable === ''
    ? `HTTP ${status}`
    : `HTTP ${status}: ${printable.slice(0, MAX_SHOWN_ANSWER)}`
}

/** Milliseconds until the next try; undefined when there is to be none. */
function pauseBeforeRetry(failed: Failed, retries: number): number | undefined {
  if (failed.staleConnection && retries === 0) return 0
  // The owner of the queue waits then, so that the next body does not go out in the meantime.
  if (!failed.again || failed.retryAfterMillis !== undefined || retries >= MAX_RETRIES) {
    return undefined
  }
  return FIRST_PAUSE_MILLIS * PAUSE_GROWTH ** retries * (0.8 + Math.random() * 0.4)
}

/** An error of the network, not of what we ask of it, such as a header or a certificate. */
function isNetworkError(error: Error): boolean {
  return /^E(?!RR_)/.test(codeOf(error))
}

function isReset(error: Error): boolean {
  return /^(ECONNRESET|EPIPE|ECONNABORTED)$/.test(codeOf(error))
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}

function wait(millis: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      ending.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, millis).unref()
    ending.addEventListener('abort', done)
  })
}
