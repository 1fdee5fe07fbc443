import type { ClientTracer, HttpClientRequest } from '@callchain/core'
import { type Context, context } from '@opentelemetry/api'
import { Attempt } from './attempt.ts'
import { isCalledOff } from './cancellation.ts'

/** One call of the application: its attempts, redirects and retries included, one after the other. */
export class Call {
  /** The context the application called in: the parent of every attempt. */
  readonly base: Context = context.active()
  readonly signal: AbortSignal | undefined
  /** From `enter` until the application has its response or its error. */
  open = false
  /** What to clear up then. */
  whenOver: (() => void) | undefined
  current: Attempt | undefined
  /** Whether the current attempt has been seen on the wire, and so will be seen to end. */
  seen = false
  readonly #tracer: ClientTracer
  #attempts = 0
  #baggage: string | undefined

  constructor(tracer: ClientTracer, signal?: AbortSignal) {
    this.#tracer = tracer
    this.signal = signal
  }

  /** Opens the span of the next attempt and writes its headers; ends the attempt before it. */
  begin(request: HttpClientRequest): Attempt {
    this.current?.end()
    if (this.#attempts++ === 0) this.#baggage = request.header('baggage')
    this.seen = false
    return this.#send(request)
  }

  /**
   * An attempt is on its way to the wire: the one that has just begun, whose headers are decided once
   * more for the host that it really goes to, or else the next one.
   */
  sent(request: HttpClientRequest): Attempt {
    const { current, seen } = this
    const begun = current !== undefined && !current.ended && !seen
    const attempt = begun ? this.#sentAsBegun(current, request) : this.begin(request)
    this.seen = true
    return attempt
  }

  /** Ends an attempt with an error, unless the application itself has called it off. */
  fail(error: unknown, attempt: Attempt | undefined = this.current): void {
    if (attempt === undefined || attempt.ended) return
    const body = attempt.bodyState?.()
    const aborted = this.signal?.aborted === true
    if (body === 'collected') attempt.endAtHeaders()
    else if (isCalledOff(error, this.signal)) attempt.end({ cancelled: true })
    else if (body === 'closed' && !aborted) attempt.end({ cancelled: true })
    else attempt.end({ error: aborted ? this.signal?.reason : error })
  }

  #sentAsBegun(current: Attempt, request: HttpClientRequest): Attempt {
    // What was ignored may go elsewhere: a fetch of the application's own may complete the URL.
    if (current.span.silent) return this.#send(request)
    this.#tracer.writeHeaders(this.#asSent(request), current.span)
    return current
  }

  #send(request: HttpClientRequest): Attempt {
    const sent = this.#asSent(request)
    this.current = new Attempt(context.with(this.base, () => this.#tracer.send(sent)))
    return this.current
  }

  // A redirect carries on the headers that the attempt before it went out with: the application's
  // own baggage is the one on the first attempt.
  #asSent(request: HttpClientRequest): HttpClientRequest {
    const baggage = this.#baggage
    return {
      method: request.method,
      url: request.url,
      resendCount: this.#attempts - 1,
      header: (name) => (name === 'baggage' ? baggage : request.header(name)),
      setHeader: (name, value) => request.setHeader(name, value),
      removeHeader: (name) => request.removeHeader(name),
    }
  }
}
