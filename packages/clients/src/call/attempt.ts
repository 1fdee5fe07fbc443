import type { ClientCall, HttpClientResponse } from '@callchain/core'
import type { BodyState } from './body-state.ts'
import type { EditedRequest } from './edited-request.ts'
import { checkLater, forget, type Place, type UnreadCheck } from './unread.ts'
import type { WrittenHeaders } from './written-headers.ts'

/** The call that an attempt belongs to. */
export interface AttemptOwner {
  /** Whether another instrumentation measures the call as well. */
  readonly isMeasuredByOthers: boolean
  /** Whether undici has sent any of it. */
  isOverUndici: boolean
  /** Ends an attempt with an error, unless the application itself has called it off. */
  fail(error: unknown, attempt?: Attempt, isCalledOff?: boolean): void
}

/**
 * How far an attempt is. `begun`: its span is open. `sent`: it was seen on the wire. `answered`: the
 * headers of its response are here. `over`: its span has ended.
 */
export type AttemptState = 'begun' | 'sent' | 'answered' | 'over'

/** One attempt of a call: its CLIENT span, and what is known of its response. Ends once. */
export class Attempt implements UnreadCheck {
  readonly call: AttemptOwner
  readonly clientCall: ClientCall
  /** The request that it began with. */
  readonly request: EditedRequest
  /** Its headers as they were decided. */
  readonly written: WrittenHeaders
  state: AttemptState = 'begun'
  /** Whether it was seen on the wire, and so will be seen to end. */
  isSeen = false
  /** Whether its connection has been idle for longer than the client was told to wait. */
  timedOut = false
  statusCode: number | undefined = undefined
  protocolVersion: string | undefined = undefined
  peerAddress: string | undefined = undefined
  peerPort: number | undefined = undefined
  /** What has become of the body, once the application has the response. */
  bodyState: (() => BodyState) | undefined = undefined
  /** Kept from being collected until it ends. */
  held: unknown = undefined
  /** When it was said that its body may stay unread, on the clock of `performance.now()`. */
  since = 0
  place: Place | undefined = undefined
  private isUnread: (() => boolean) | undefined = undefined
  /** On the clock of `performance.now()`. */
  private headersAt: number | undefined = undefined

  constructor(
    call: AttemptOwner,
    clientCall: ClientCall,
    request: EditedRequest,
    written: WrittenHeaders,
  ) {
    this.call = call
    this.clientCall = clientCall
    this.request = request
    this.written = written
  }

  /** Whether it has a span of its own: it is neither ignored nor traced by somebody else. */
  get isTraced(): boolean {
    return this.clientCall.isTraced
  }

  get isOver(): boolean {
    return this.state === 'over'
  }

  /** Whether the headers of its response came; it may be over since. */
  get isAnswered(): boolean {
    return this.headersAt !== undefined
  }

  /** Whether it is on the wire and its response has not come yet. */
  get awaitsResponse(): boolean {
    return this.state === 'sent' && this.isTraced
  }

  /** Whether a request has the URL and the headers that were decided for this attempt. */
  isUnchanged({ url, headers }: EditedRequest): boolean {
    if (url !== this.request.url) return false
    return !this.written.some((name, value) => headers.header(name) !== value)
  }

  /** It was seen on the wire. */
  sent(): void {
    this.isSeen = true
    if (this.state === 'begun') this.state = 'sent'
  }

  /** The headers of the response are here. */
  headers(statusCode: number | undefined): void {
    this.statusCode = statusCode
    this.headersAt = performance.now()
    if (this.state !== 'over') this.state = 'answered'
  }

  /** What the head of the response says about the trace. */
  hear(header: (name: string) => string | undefined): void {
    this.clientCall.hear(header)
  }

  /** The connection it went over, where there is one. */
  connection(socket: unknown): void {
    if (!this.clientCall.isObserved) return
    const { remoteAddress, remotePort } = (socket ?? {}) as {
      remoteAddress?: unknown
      remotePort?: unknown
    }
    if (typeof remoteAddress === 'string') this.peerAddress = remoteAddress
    if (typeof remotePort === 'number') this.peerPort = remotePort
  }

  end({ error, cancelled, endTime }: Outcome = {}): void {
    if (!this.finish()) return
    const { statusCode, protocolVersion, peerAddress, peerPort } = this
    this.clientCall.receive({
      statusCode,
      protocolVersion,
      peerAddress,
      peerPort,
      error,
      cancelled,
      endTime,
      measured: this.call.isMeasuredByOthers,
    })
  }

  /** Nothing of it went over the wire: it gets no span. */
  discard(): void {
    if (this.finish()) this.clientCall.discard()
  }

  /** Ends it at the time of its headers: nobody has read, or will read, its body. */
  endAtHeaders(): void {
    this.end({ endTime: this.headersAt })
  }

  /**
   * Ends it at its headers when the application leaves the body unread: the end of a body that nobody
   * reads never comes.
   */
  endWhenUnread(isUnread: () => boolean): void {
    if (this.isOver || !this.clientCall.isObserved) return
    forget(this)
    this.isUnread = isUnread
    this.since = performance.now()
    checkLater(this)
  }

  /** Its body may be unread by now. */
  check(): void {
    if (this.isUnread?.() === true) this.endAtHeaders()
  }

  /** Whether it was not over before. */
  private finish(): boolean {
    if (this.isOver) return false
    this.state = 'over'
    this.held = undefined
    this.bodyState = undefined
    forget(this)
    this.isUnread = undefined
    return true
  }
}

type Outcome = Pick<HttpClientResponse, 'error' | 'cancelled' | 'endTime'>
