import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from 'node:http'
import { Agent as HttpsAgent, request as secureRequest } from 'node:https'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** Where requests go and what is common to all of them. */
export interface HttpTransportOptions {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMillis: number
  readonly compression: 'gzip' | 'none'
  /** PEM texts for a collector with its own authority, or one that asks who we are. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

/**
 * Posts bodies to one URL, with retries as OTLP/HTTP asks (OTLP 1.11, "Retryable Response Codes").
 * Nothing it waits for keeps the process alive: whoever needs the answer holds the process.
 */
export interface HttpTransport {
  /** Resolves to the body of a 2xx answer; rejects with the last failure, within `timeoutMillis`. */
  post(body: Uint8Array): Promise<Uint8Array>
  /** From now on, a failure is final: there is no time left to try again. */
  stopRetrying(): void
  close(): void
}

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly body: Buffer
}

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504])
const MAX_RETRIES = 5
const FIRST_PAUSE_MILLIS = 1000
const PAUSE_GROWTH = 1.5
const MAX_ANSWER_BYTES = 65_536

const compress = promisify(gzip)

/** A transport with its own connections, kept open between requests. */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const secure = options.url.protocol === 'https:'
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, ...options.tls })
    : new HttpAgent({ keepAlive: true })
  const ending = new AbortController()

  const open = (length: number, millis: number, listener: Listener) => {
    const headers: Record<string, string> = { ...options.headers, 'content-length': String(length) }
    if (options.compression === 'gzip') headers['content-encoding'] = 'gzip'
    const settings = { method: 'POST', agent, headers }
    const sent = secure
      ? secureRequest(options.url, settings, listener)
      : request(options.url, settings, listener)
    limitTime(sent, millis)
    return sent
  }

  return {
    async post(body) {
      const deadline = Date.now() + options.timeoutMillis
      const bytes = options.compression === 'gzip' ? await compress(body) : body
      for (let retries = 0; ; retries++) {
        const millis = Math.max(1, deadline - Date.now())
        const outcome = await tryOnce(bytes, (listener) => open(bytes.length, millis, listener))
        if (!('failure' in outcome)) return outcome.body
        const pause = pauseBeforeRetry(outcome, retries)
        const late = pause === undefined || Date.now() + pause > deadline
        if (late || ending.signal.aborted) throw outcome.failure
        await wait(pause, ending.signal)
      }
    },
    stopRetrying: () => ending.abort(),
    close() {
      ending.abort()
      agent.destroy()
    },
  }
}

type Listener = (answer: IncomingMessage) => void

/** A request that did not deliver, with the collector's answer if there was one. */
interface Failed {
  readonly failure: Error
  readonly answer?: Answer
}

async function tryOnce(
  body: Uint8Array,
  open: (listener: Listener) => ClientRequest,
): Promise<Answer | Failed> {
  try {
    const answer = await send(body, open)
    return answer.status < 300 ? answer : { answer, failure: new Error(describeAnswer(answer)) }
  } catch (error) {
    // node:http throws and emits Errors alone.
    return { failure: error as Error }
  }
}

function describeAnswer({ status, body }: Answer): string {
  const printable = body
    .toString()
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
  return printable === '' ? `HTTP ${status}` : `HTTP ${status}: ${printable.slice(0, 200)}`
}

function send(body: Uint8Array, open: (listener: Listener) => ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = open((answer) => {
      const chunks: Buffer[] = []
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= MAX_ANSWER_BYTES) chunks.push(chunk)
        else sent.destroy(new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`))
      })
      answer.on('error', reject)
      answer.on('end', () => {
        const retryAfter = answer.headers['retry-after']
        resolve({ status: answer.statusCode ?? 0, retryAfter, body: Buffer.concat(chunks) })
      })
    })
    sent.on('error', reject)
    sent.on('socket', (socket) => socket.unref())
    sent.end(body)
  })
}

function limitTime(sent: ClientRequest, millis: number): void {
  const expire = (): void => {
    sent.destroy(Object.assign(new Error(`no answer in ${millis} ms`), { code: 'ETIMEDOUT' }))
  }
  const timer = setTimeout(expire, millis).unref()
  sent.once('close', () => clearTimeout(timer))
}

/** Milliseconds until the next try; undefined when there is to be none. */
function pauseBeforeRetry({ failure, answer }: Failed, retries: number): number | undefined {
  if (retries >= MAX_RETRIES) return undefined
  if (answer === undefined ? !isNetworkError(failure) : !RETRYABLE_STATUS.has(answer.status)) {
    return undefined
  }
  const pause = FIRST_PAUSE_MILLIS * PAUSE_GROWTH ** retries * (0.8 + Math.random() * 0.4)
  return parseRetryAfter(answer?.retryAfter) ?? pause
}

/** An error of the network, not of what we ask of it, such as a header or a certificate. */
function isNetworkError(error: Error): boolean {
  return 'code' in error && /^E(?!RR_)/.test(String(error.code))
}

/** RFC 9110 section 10.2.3: a number of seconds or a date. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const millis = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(millis) ? Math.max(0, millis) : undefined
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
