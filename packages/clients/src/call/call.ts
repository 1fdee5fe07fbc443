import type { ClientCall, ClientTracer, HttpClientRequest } from '@callchain/core'
import { type Context, context } from '@opentelemetry/api'
import { Attempt } from './attempt.ts'
import type { AttemptDetails } from './attempt-details.ts'
import { isResponseCollected } from './body-state.ts'
import { isAbort, isPlainAbort, isRetried, isTimeout, timeoutError } from './cancellation.ts'
import { SentRequest } from './sent-request.ts'

/** Tells whether a request was called off from within. */
export interface Aborting {
  readonly aborted?: unknown
  readonly reason?: unknown
}

const seenOnUndici = new WeakSet<ClientTracer>()
const NONE_WRITTEN = new Map<string, string | undefined>()

/** One call of the application: its attempts, redirects and retries included, one after the other. */
export class Call {
  /** The context the application called in: the parent of every attempt. */
  base: Context = context.active()
  readonly signal: AbortSignal | undefined
  /** From `enter` until the application has its response or its error. */
  open = false
  /** What to clear up then. */
  whenOver: (() => void) | undefined
  current: Attempt | undefined
  /** Whether the current attempt has been seen on the wire, and so will be seen to end. */
  seen = false
  /** Whether another instrumentation measures the call as well. */
  measured = false
  /** Whether the client tells by itself why it has hung up, once it gives up. */
  tellsWhy = false
  /** Whether undici has sent any of it. */
  overUndici = false
  /** What undici's own handlers are called off with. */
  aborting: Aborting | undefined
  readonly #tracer: ClientTracer
  readonly #deadline: number
  #attempts: number
  #url = ''
  #written: Map<string, string | undefined> = NONE_WRITTEN
  #baggage: { readonly header: string | undefined } | undefined

  constructor(tracer: ClientTracer, signal?: AbortSignal, details?: AttemptDetails) {
    this.#tracer = tracer
    this.signal = signal
    this.#attempts = details?.resent ?? 0
    this.#deadline = details?.deadline ?? Number.POSITIVE_INFINITY
  }

  /** Opens the span of the next attempt and writes its headers; ends the attempt before it. */
  begin(request: HttpClientRequest): void {
    this.current?.end()
    this.#attempts += 1
    this.#baggage ??= { header: request.header('baggage') }
    this.seen = false
    this.#send(request)
  }

  /**
   * An attempt is on its way to the wire: the one that has just begun, whose headers are decided once
   * more unless they are known to go where they were to, or else the next one. What is sent while one
   * is waiting for its answer is none of them, such as the calls of a generator that yields its body.
   */
  sent(request: HttpClientRequest, decided = false): Attempt {
    const begun = this.#begun()
    if (begun === undefined && this.#isWaiting()) return this.#sendAside(request)
    if (begun === undefined) this.begin(request)
    else if (!decided) this.#sendBegun(begun, request)
    this.seen = true
    return this.current as Attempt
  }

  /** Decides the headers of an attempt once more: the application has set its own since it began. */
  rewrite(request: HttpClientRequest, { span }: Attempt, withBaggage: boolean): void {
    if (withBaggage) this.#baggage = { header: request.header('baggage') }
    this.#tracer.writeHeaders(this.#asSent(request), span)
  }

  /**
   * Whether an answer has come without a request: from a cache. That is known of a client whose
   * requests are seen on the wire of undici otherwise.
   */
  isAnsweredWithin(): boolean {
    const tracer = this.#tracer
    if (!this.overUndici) return !this.seen && seenOnUndici.has(tracer)
    if (!seenOnUndici.has(tracer)) seenOnUndici.add(tracer)
    return false
  }

  /** The headers of the current attempt as they were decided: `undefined` for one that was taken off. */
  get written(): ReadonlyMap<string, string | undefined> {
    return this.#written
  }

  /** The URL of the attempt that has begun and is not on the wire yet. */
  begunUrl(): URL | undefined {
    const begun = this.#begun()
    return begun !== undefined && URL.canParse(this.#url) ? new URL(this.#url) : undefined
  }

  /**
   * Ends an attempt with an error, unless the application itself has called it off: by its signal, or
   * in some way that only the client can tell.
   */
  fail(error: unknown, attempt: Attempt | undefined = this.current, calledOff = false): void {
    if (attempt === undefined || attempt.ended) return
    const { signal } = this
    const body = attempt.bodyState?.()
    if (body === 'collected' || isResponseCollected(error)) attempt.endAtHeaders()
    else if (signal?.aborted === true) this.#callOff(signal.reason, attempt)
    else if (calledOff && this.tellsWhy && this.open) return
    else if (calledOff || body === 'closed' || isCalledOff(this.aborting) || isAbort(error)) {
      attempt.end({ cancelled: true })
    } else if (isRetried(error)) attempt.end()
    else attempt.end({ error })
  }

  #callOff(reason: unknown, attempt: Attempt): void {
    if (isTimeout(reason)) attempt.end({ error: reason })
    // A timer counts in whole milliseconds, and may fire a little early.
    else if (performance.now() > this.#deadline - 1) attempt.end({ error: timeoutError() })
    else attempt.end({ cancelled: true })
  }

  #begun(): Attempt | undefined {
    const { current, seen } = this
    return current === undefined || current.ended || seen ? undefined : current
  }

  #isWaiting(): boolean {
    const { current, seen } = this
    if (current === undefined || current.ended || current.span.silent) return false
    return seen && current.headersAt === undefined
  }

  #sendAside(request: HttpClientRequest): Attempt {
    return new Attempt(this.#openSpan(request), this)
  }

  #sendBegun({ span }: Attempt, request: HttpClientRequest): void {
    // What was ignored may go elsewhere: a fetch of the application's own may complete the URL.
    if (span.silent) this.#send(request)
    else if (!this.#stands(request)) this.#tracer.writeHeaders(this.#asSent(request), span)
  }

  // Nothing has changed on the way: what would be decided and written is there already.
  #stands(request: HttpClientRequest): boolean {
    if (request.url !== this.#url) return false
    for (const [name, value] of this.#written) if (request.header(name) !== value) return false
    return true
  }

  #send(request: HttpClientRequest): void {
    this.#written = new Map()
    const sent = this.#asSent(request)
    this.#url = request.url
    this.current = new Attempt(this.#openSpan(sent), this)
  }

  #openSpan(request: HttpClientRequest): ClientCall {
    // Most clients are called where the call was made.
    if (context.active() === this.base) return this.#tracer.send(request)
    return context.with(this.base, () => this.#tracer.send(request))
  }

  // A redirect carries on the headers that the attempt before it went out with: the application's
  // own baggage is the one on the first attempt.
  #asSent(request: HttpClientRequest): HttpClientRequest {
    return new SentRequest(request, this.#attempts - 1, this.#baggage?.header, this.#written)
  }
}

function isCalledOff(aborting: Aborting | undefined): boolean {
  return aborting?.aborted === true && isPlainAbort(aborting.reason)
}
