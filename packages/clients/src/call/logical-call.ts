import type { ClientCall, ClientTracer } from '@callchain/core'
import { SUPPRESS_TRACING_KEY } from '@callchain/core/internal'
import { type Context, context } from '@opentelemetry/api'
import { Attempt } from './attempt.ts'
import type { AttemptDetails } from './attempt-details.ts'
import { isResponseCollected } from './body-state.ts'
import { isAbort, isPlainAbort, isRetried, isTimeout, timeoutError } from './cancellation.ts'
import { CALL_KEY, derive } from './derived-context.ts'
import type { EditedRequest } from './edited-request.ts'
import { WrittenHeaders } from './written-headers.ts'

/** Tells whether a client's own handler has aborted a request, and why. */
export interface AbortState {
  readonly aborted?: unknown
  readonly reason?: unknown
}

/** What a client knows of a call before its first attempt. */
export interface CallDetails extends Partial<AttemptDetails> {
  /** Whether the client reports by itself why it has hung up. Default: false. */
  readonly reportsAborts?: boolean
}

const tracersSeenOnUndici = new WeakSet<ClientTracer>()

/**
 * One call of the application. Its attempts, redirects and retries included, follow one another, and
 * the last one says how far the call is: begun, sent, answered or over.
 *
 * It is the context that the client runs in as well: until the call is over, what happens on the wire
 * finds it there, and others do not trace the call again.
 */
export class LogicalCall implements Context {
  /** The parent of every attempt: the context in which the application made the call. */
  parent: Context
  /** With which the application may call it off. */
  readonly signal: AbortSignal | undefined
  /** The last attempt; `undefined` before the first. */
  attempt: Attempt | undefined = undefined
  /** From `enter` until the application has its response or its error. */
  isOpen = false
  /** What to clean up once it is no longer open. */
  whenClosed: ((call: LogicalCall) => void) | undefined = undefined
  /** The header that it is remembered by. */
  mark: string | undefined = undefined
  /** Whether another instrumentation measures the call as well. */
  isMeasuredByOthers = false
  /** Whether undici has sent any of it. */
  isOverUndici = false
  abortState: AbortState | undefined = undefined
  private readonly tracer: ClientTracer
  private readonly details: CallDetails | undefined
  private attempts: number
  /** Whether the first attempt has begun, and so `baggage` is known. */
  private hasBegun = false
  /** The application's own. */
  private baggage: string | undefined = undefined

  constructor(tracer: ClientTracer, signal?: AbortSignal | undefined, details?: CallDetails) {
    this.parent = context.active()
    this.tracer = tracer
    this.signal = signal
    this.details = details
    this.attempts = details?.resent ?? 0
  }

  /** Opens the span of the next attempt and writes its headers; ends the attempt before it. */
  begin(request: EditedRequest): Attempt {
    this.attempt?.end()
    this.attempts += 1
    if (!this.hasBegun) {
      this.hasBegun = true
      this.baggage = request.headers.header('baggage')
    }
    return this.open(request)
  }

  /**
   * A request is on its way to the wire: that of the attempt that has begun, or else of the next one.
   * Requests sent while an attempt awaits its response are not attempts of this call, such as those of
   * a generator that yields its body.
   */
  sent(request: EditedRequest): Attempt {
    if (this.attempt?.awaitsResponse === true) return this.traceUnrelated(request)
    const attempt = this.begun ?? this.begin(request)
    const current = attempt.request === request ? attempt : this.decideAgain(attempt, request)
    current.sent()
    return current
  }

  /** The attempt that has begun and is not on the wire yet. */
  get begun(): Attempt | undefined {
    return this.attempt?.state === 'begun' ? this.attempt : undefined
  }

  /** Decides the headers of an attempt again: the application has set its own since it began. */
  rewriteHeaders(request: EditedRequest, attempt: Attempt, withBaggage: boolean): void {
    if (withBaggage) this.baggage = request.headers.header('baggage')
    request.decideAs(attempt.written, this.baggage, this.attempts - 1)
    this.tracer.writeHeaders(request, attempt.clientCall)
  }

  /**
   * Whether the response came without a request, from a cache. That is known of a client whose other
   * requests are seen on the wire of undici.
   */
  isAnsweredFromCache(): boolean {
    const tracer = this.tracer
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
    else if (signal?.aborted === true) this.endAborted(signal.reason, attempt)
    else if (isCalledOff && this.details?.reportsAborts === true && this.isOpen) return
    else if (isCalledOff || body === 'closed' || isAborted(this.abortState) || isAbort(error)) {
      attempt.end({ cancelled: true })
    } else if (isRetried(error)) attempt.end()
    else attempt.end({ error })
  }

  /**
   * Its client is done with it. What is left of a call lives on for a while with the sockets and timers
   * that keep its context: that is to be little, or the garbage collector has more work than all else.
   */
  letGo(): void {
    this.abortState = undefined
    if (this.attempt?.isOver === true) this.attempt = undefined
  }

  private endAborted(reason: unknown, attempt: Attempt): void {
    if (isTimeout(reason)) attempt.end({ error: reason })
    // A timer counts in whole milliseconds, and may fire a little early.
    else if (performance.now() > (this.details?.deadline ?? Number.POSITIVE_INFINITY) - 1)
      attempt.end({ error: timeoutError() })
    else attempt.end({ cancelled: true })
  }

  private decideAgain(attempt: Attempt, request: EditedRequest): Attempt {
    // An ignored attempt may go elsewhere: the application's own fetch may complete the URL.
    if (!attempt.isTraced) return this.open(request)
    if (!attempt.isUnchanged(request)) this.rewriteHeaders(request, attempt, false)
    return attempt
  }

  // A redirect carries on the headers that the attempt before it went out with: the application's
  // own baggage is the one on the first attempt.
  private open(request: EditedRequest): Attempt {
    const written = new WrittenHeaders()
    request.decideAs(written, this.baggage, this.attempts - 1)
    this.attempt = new Attempt(this, this.openSpan(request), request, written)
    return this.attempt
  }

  private traceUnrelated(request: EditedRequest): Attempt {
    const written = new WrittenHeaders()
    request.decideAs(written, request.headers.header('baggage'))
    return new Attempt(this, this.openSpan(request), request, written)
  }

  private openSpan(request: EditedRequest): ClientCall {
    // Most clients are called where the call was made.
    if (context.active() === this.parent) return this.tracer.send(request)
    return context.with(this.parent, () => this.tracer.send(request))
  }

  getValue(key: symbol): unknown {
    if (this.isOpen) {
      if (key === SUPPRESS_TRACING_KEY) return true
      if (key === CALL_KEY) return this
    }
    return this.parent.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return derive(this, key, value)
  }

  deleteValue(key: symbol): Context {
    return derive(this, key, undefined)
  }
}

function isAborted(state: AbortState | undefined): boolean {
  return state?.aborted === true && isPlainAbort(state.reason)
}
