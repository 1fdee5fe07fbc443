import type { ClientCall, HttpClientRequest, HttpClientResponse } from '@callchain/core'
import type { BodyState } from './body-state.ts'
import { checkLater, forget, type UnreadCheck } from './unread.ts'

/** The call that an attempt belongs to. */
export interface AttemptOwner {
  /** Whether another instrumentation measures the call as well. */
  readonly isMeasuredByOthers: boolean
}

/**
 * How far an attempt is. `begun`: its span is open. `sent`: it was seen on the wire. `answered`: the
 * headers of its response are here. `over`: its span has ended.
 */
export type AttemptState = 'begun' | 'sent' | 'answered' | 'over'

/** One attempt of a call: its CLIENT span, and what is known of its response. Ends once. */
export class Attempt {
  readonly clientCall: ClientCall
  /** The request that it began with. */
  readonly request: HttpClientRequest
  /** Its headers as they were decided: `undefined` for one that was removed. */
  readonly written: Map<string, string | undefined>
  /** Whether it was seen on the wire, and so will be seen to end. */
  isSeen = false
  /** Whether its connection has been idle for longer than the client was told to wait. */
  timedOut = false
  statusCode: number | undefined
  protocolVersion: string | undefined
  peerAddress: string | undefined
  peerPort: number | undefined
  /** What has become of the body, once the application has the response. */
  bodyState: (() => BodyState) | undefined
  /** Kept from being collected until it ends. */
  held: unknown
  readonly #owner: AttemptOwner
  #state: AttemptState = 'begun'
  /** On the clock of `performance.now()`. */
  #headersAt: number | undefined
  #unreadCheck: UnreadCheck | undefined

  constructor(
    clientCall: ClientCall,
    request: HttpClientRequest,
    written: Map<string, string | undefined>,
    owner: AttemptOwner,
  ) {
    this.clientCall = clientCall
    this.request = request
    this.written = written
    this.#owner = owner
  }

  get state(): AttemptState {
    return this.#state
  }

  /** Whether it has a span of its own: it is neither ignored nor traced by somebody else. */
  get isTraced(): boolean {
    return this.clientCall.url !== undefined
  }

  get isOver(): boolean {
    return this.#state === 'over'
  }

  /** Whether the headers of its response came; it may be over since. */
  get isAnswered(): boolean {
    return this.#headersAt !== undefined
  }

  /** Whether it is on the wire and its response has not come yet. */
  get awaitsResponse(): boolean {
    return this.#state === 'sent' && this.isTraced
  }

  /** Whether a request has the URL and the headers that were decided for this attempt. */
  isUnchanged(request: HttpClientRequest): boolean {
    if (request.url !== this.request.url) return false
    for (const [name, value] of this.written) if (request.header(name) !== value) return false
    return true
  }

  /** It was seen on the wire. */
  sent(): void {
    this.isSeen = true
    if (this.#state === 'begun') this.#state = 'sent'
  }

  /** The headers of the response are here. */
  headers(statusCode: number | undefined): void {
    this.statusCode = statusCode
    this.#headersAt = performance.now()
    if (this.#state !== 'over') this.#state = 'answered'
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

  end(outcome: Pick<HttpClientResponse, 'error' | 'cancelled' | 'endTime'> = {}): void {
    if (!this.#finish()) return
    const { statusCode, protocolVersion, peerAddress, peerPort } = this
    const { error, cancelled, endTime } = outcome
    this.clientCall.receive({
      statusCode,
      protocolVersion,
      peerAddress,
      peerPort,
      error,
      cancelled,
      endTime,
      measured: this.#owner.isMeasuredByOthers,
    })
  }

  /** Nothing of it went over the wire: it gets no span. */
  discard(): void {
    if (this.#finish()) this.clientCall.discard()
  }

  /** Ends it at the time of its headers: nobody has read, or will read, its body. */
  endAtHeaders(): void {
    this.end({ endTime: this.#headersAt })
  }

  /**
   * Ends it at its headers when the application leaves the body unread: the end of a body that nobody
   * reads never comes.
   */
  endWhenUnread(isUnread: () => boolean): void {
    if (this.isOver || !this.clientCall.isObserved) return
    if (this.#unreadCheck !== undefined) forget(this.#unreadCheck)
    const check = (): void => {
      if (isUnread()) this.endAtHeaders()
    }
    this.#unreadCheck = { since: performance.now(), check }
    checkLater(this.#unreadCheck)
  }

  /** Whether it was not over before. */
  #finish(): boolean {
    if (this.isOver) return false
    this.#state = 'over'
    this.held = undefined
    if (this.#unreadCheck !== undefined) forget(this.#unreadCheck)
    return true
  }
}
