import type { ClientCall, ClientTracer, HttpClientRequest } from '@callchain/core'
import { type Context, context } from '@opentelemetry/api'
import { Attempt } from './attempt.ts'
import type { AttemptDetails } from './attempt-details.ts'
import { AttemptRequest } from './attempt-request.ts'
import { isResponseCollected } from './body-state.ts'
import { isAbort, isPlainAbort, isRetried, isTimeout, timeoutError } from './cancellation.ts'

/** Tells whether a client's own handler has aborted a request, and why. */
export interface AbortState {
  readonly aborted?: unknown
  readonly reason?: unknown
}

/** What a client knows of a call before its first attempt. */
export interface CallDetails extends Partial<AttemptDetails> {
  /** With which the application may call it off. */
  readonly signal?: AbortSignal | undefined
  /** Whether the client reports by itself why it has hung up. Default: false. */
  readonly reportsAborts?: boolean
}

const tracersSeenOnUndici = new WeakSet<ClientTracer>()

/**
 * One call of the application. Its attempts, redirects and retries included, follow one another, and
 * the last one says how far the call is: begun, sent, answered or over.
 */
export class LogicalCall {
  /** The parent of every attempt: the context in which the application made the call. */
  parent: Context = context.active()
  readonly signal: AbortSignal | undefined
  /** The last attempt; `undefined` before the first. */
  attempt: Attempt | undefined
  /** From `enter` until the application has its response or its error. */
  isOpen = false
  /** What to clean up once it is no longer open. */
  whenClosed: (() => void) | undefined
  /** Whether another instrumentation measures the call as well. */
  isMeasuredByOthers = false
  /** Whether undici has sent any of it. */
  isOverUndici = false
  abortState: AbortState | undefined
  readonly #tracer: ClientTracer
  readonly #deadline: number
  readonly #reportsAborts: boolean
  #attempts: number
  #baggage: { readonly header: string | undefined } | undefined

  constructor(tracer: ClientTracer, details: CallDetails = {}) {
    this.#tracer = tracer
    this.signal = details.signal
    this.#attempts = details.resent ?? 0
    this.#deadline = details.deadline ?? Number.POSITIVE_INFINITY
    this.#reportsAborts = details.reportsAborts ?? false
  }

  /** Opens the span of the next attempt and writes its headers; ends the attempt before it. */
  begin(request: HttpClientRequest): Attempt {
    this.attempt?.end()
    this.#attempts += 1
    this.#baggage ??= { header: request.header('baggage') }
    return this.#open(request)
  }

  /**
   * A request is on its way to the wire: that of the attempt that has begun, or else of the next one.
   * Requests sent while an attempt awaits its response are not attempts of this call, such as those of
   * a generator that yields its body.
   */
  sent(request: HttpClientRequest): Attempt {
    if (this.attempt?.awaitsResponse === true) return this.#traceUnrelated(request)
    const attempt = this.begun ?? this.begin(request)
    const current = attempt.request === request ? attempt : this.#decideAgain(attempt, request)
    current.sent()
    return current
  }

  /** The attempt that has begun and is not on the wire yet. */
  get begun(): Attempt | undefined {
    return this.attempt?.state === 'begun' ? this.attempt : undefined
  }

  /** Decides the headers of an attempt again: the application has set its own since it began. */
  rewriteHeaders(request: HttpClientRequest, attempt: Attempt, withBaggage: boolean): void {
    if (withBaggage) this.#baggage = { header: request.header('baggage') }
    const decided = this.#withOriginalBaggage(request, attempt.written)
    this.#tracer.writeHeaders(decided, attempt.clientCall)
  }

  /**
   * Whether the response came without a request, from a cache. That is known of a client whose other
   * requests are seen on the wire of undici.
   */
  isAnsweredFromCache(): boolean {
    const tracer = this.#tracer
    if (!this.isOverUndici) return this.attempt?.isSeen !== true && tracersSeenOnUndici.has(tracer)
    if (!tracersSeenOnUndici.has(tracer)) tracersSeenOnUndici.add(tracer)
    return false
  }

  /**
   * Ends an attempt with an error, unless the application itself has called it off: by its signal, or
   * in some way that only the client can tell (`isCalledOff`).
   */
  fail(error: unknown, attempt: Attempt | undefined = this.attempt, isCalledOff = false): void {
    if (attempt === undefined || attempt.isOver) return
    const { signal } = this
    const body = attempt.bodyState?.()
    if (body === 'collected' || isResponseCollected(error)) attempt.endAtHeaders()
    else if (signal?.aborted === true) this.#endAborted(signal.reason, attempt)
    else if (isCalledOff && this.#reportsAborts && this.isOpen) return
    else if (isCalledOff || body === 'closed' || isAborted(this.abortState) || isAbort(error)) {
      attempt.end({ cancelled: true })
    } else if (isRetried(error)) attempt.end()
    else attempt.end({ error })
  }

  #endAborted(reason: unknown, attempt: Attempt): void {
    if (isTimeout(reason)) attempt.end({ error: reason })
    // A timer counts in whole milliseconds, and may fire a little early.
    else if (performance.now() > this.#deadline - 1) attempt.end({ error: timeoutError() })
    else attempt.end({ cancelled: true })
  }

  #decideAgain(attempt: Attempt, request: HttpClientRequest): Attempt {
    // An ignored attempt may go elsewhere: the application's own fetch may complete the URL.
    if (!attempt.isTraced) return this.#open(request)
    if (!attempt.isUnchanged(request)) this.rewriteHeaders(request, attempt, false)
    return attempt
  }

  #open(request: HttpClientRequest): Attempt {
    const written = new Map<string, string | undefined>()
    const sent = this.#withOriginalBaggage(request, written)
    this.attempt = new Attempt(this.#openSpan(sent), request, written, this)
    return this.attempt
  }

  #traceUnrelated(request: HttpClientRequest): Attempt {
    const written = new Map<string, string | undefined>()
    const sent = new AttemptRequest(request, written, request.header('baggage'))
    return new Attempt(this.#openSpan(sent), request, written, this)
  }

  #openSpan(request: HttpClientRequest): ClientCall {
    // Most clients are called where the call was made.
    if (context.active() === this.parent) return this.#tracer.send(request)
    return context.with(this.parent, () => this.#tracer.send(request))
  }

  // A redirect carries on the headers that the attempt before it went out with: the application's
  // own baggage is the one on the first attempt.
  #withOriginalBaggage(
    request: HttpClientRequest,
    written: Map<string, string | undefined>,
  ): HttpClientRequest {
    return new AttemptRequest(request, written, this.#baggage?.header, this.#attempts - 1)
  }
}

function isAborted(state: AbortState | undefined): boolean {
  return state?.aborted === true && isPlainAbort(state.reason)
}
