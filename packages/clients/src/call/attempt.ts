import type { ClientCall, HttpClientResponse } from '@callchain/core'
import type { BodyState } from './body-state.ts'
import { forget, lookLater, type Waiting } from './unread.ts'

/** Whose attempt it is. */
export interface AttemptOwner {
  /** Whether another instrumentation measures the call as well. */
  readonly measured: boolean
}

/** One attempt of a call: its CLIENT span, and what is known of its response. Ends once. */
export class Attempt {
  readonly span: ClientCall
  ended = false
  /** Whether its connection has been idle for longer than the client was told to wait. */
  timedOut = false
  statusCode: number | undefined
  protocolVersion: string | undefined
  peerAddress: string | undefined
  peerPort: number | undefined
  /** On the clock of `performance.now()`. */
  headersAt: number | undefined
  /** What has become of the body, once the application has the response. */
  bodyState: (() => BodyState) | undefined
  /** Kept from being collected until it ends. */
  held: unknown
  readonly #owner: AttemptOwner
  #unread: Waiting | undefined

  constructor(span: ClientCall, owner: AttemptOwner) {
    this.span = span
    this.#owner = owner
  }

  /** The headers of the response are here. */
  headers(statusCode: number | undefined): void {
    this.statusCode = statusCode
    this.headersAt = performance.now()
  }

  /** The connection it went over, where there is one. */
  connection(socket: unknown): void {
    if (!this.span.observed) return
    const { remoteAddress, remotePort } = (socket ?? {}) as {
      remoteAddress?: unknown
      remotePort?: unknown
    }
    if (typeof remoteAddress === 'string') this.peerAddress = remoteAddress
    if (typeof remotePort === 'number') this.peerPort = remotePort
  }

  end(outcome: Pick<HttpClientResponse, 'error' | 'cancelled' | 'endTime'> = {}): void {
    if (this.#isOver()) return
    const { statusCode, protocolVersion, peerAddress, peerPort } = this
    const { error, cancelled, endTime } = outcome
    this.span.receive({
      statusCode,
      protocolVersion,
      peerAddress,
      peerPort,
      error,
      cancelled,
      endTime,
      measured: this.#owner.measured,
    })
  }

  /** Nothing of it went over the wire: there is no span of it. */
  discard(): void {
    if (!this.#isOver()) this.span.discard()
  }

  /** Ends it at the time of its headers: nobody has read, or will read, its body. */
  endAtHeaders(): void {
    this.end({ endTime: this.headersAt })
  }

  /**
   * Ends it at its headers when the application leaves the body unread: for what nobody reads, no end
   * ever comes.
   */
  endWhenUnread(isUnread: () => boolean): void {
    if (this.ended || !this.span.observed) return
    if (this.#unread !== undefined) forget(this.#unread)
    const look = (): void => {
      if (isUnread()) this.endAtHeaders()
    }
    this.#unread = { since: performance.now(), look }
    lookLater(this.#unread)
  }

  #isOver(): boolean {
    if (this.ended) return true
    this.ended = true
    this.held = undefined
    if (this.#unread !== undefined) forget(this.#unread)
    return false
  }
}
