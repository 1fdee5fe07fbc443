import type { ClientCall, HttpClientResponse } from '@callchain/core'
import type { BodyState } from './response-body.ts'

/** In milliseconds: who has not begun to read by then may never do so. */
export const UNREAD_AFTER = 500

/** One attempt of a call: its CLIENT span, and what is known of its response. Ends once. */
export class Attempt {
  readonly span: ClientCall
  ended = false
  statusCode: number | undefined
  protocolVersion: string | undefined
  peerAddress: string | undefined
  peerPort: number | undefined
  /** On the clock of `performance.now()`. */
  headersAt: number | undefined
  /** What has become of the body, once the application has the response. */
  bodyState: (() => BodyState) | undefined
  #unread: NodeJS.Timeout | undefined

  constructor(span: ClientCall) {
    this.span = span
  }

  /** The headers of the response are here. */
  headers(statusCode: number | undefined): void {
    this.statusCode = statusCode
    this.headersAt = performance.now()
  }

  /** The connection it went over, where there is one. */
  connection(socket: unknown): void {
    const { remoteAddress, remotePort } = (socket ?? {}) as {
      remoteAddress?: unknown
      remotePort?: unknown
    }
    if (typeof remoteAddress === 'string') this.peerAddress = remoteAddress
    if (typeof remotePort === 'number') this.peerPort = remotePort
  }

  end(outcome: Pick<HttpClientResponse, 'error' | 'cancelled' | 'endTime'> = {}): void {
    if (this.ended) return
    this.ended = true
    clearTimeout(this.#unread)
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
    })
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
    if (this.ended) return
    this.#unread = setTimeout(() => {
      if (isUnread()) this.endAtHeaders()
    }, UNREAD_AFTER)
    this.#unread.unref()
  }
}
