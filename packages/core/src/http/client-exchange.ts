/** What core asks of an HTTP request that goes out: one attempt, on its way to one host. */
export interface HttpClientRequest {
  readonly method: string
  /** The absolute URL of this attempt. */
  readonly url: string
  /** How many attempts of the same logical request went before: redirects and retries. */
  readonly resendCount?: number | undefined
  /** A header the application has set, by its lower-case name. */
  header(name: string): string | undefined
  /** Sets a header, in place of any the application has set under that name. */
  setHeader(name: string, value: string): void
  /** Removes a header, if there is one. */
  removeHeader(name: string): void
}

/** What core asks of the end of an attempt. */
export interface HttpClientResponse {
  /** The status that came back; `undefined` when none did. */
  readonly statusCode?: number | undefined
  /** Why the attempt failed, where it did. */
  readonly error?: unknown
  /** True when it was cancelled, which is not an error, by anyone. */
  readonly cancelled?: boolean | undefined
  /** True when somebody else measures how long it took. */
  readonly measured?: boolean | undefined
  /**
   * When it ended, on the clock of `performance.now()`, where that is known only later: a body that
   * nobody reads ends with its headers. Default: now.
   */
  readonly endTime?: number | undefined
  readonly protocolVersion?: string | undefined
  readonly peerAddress?: string | undefined
  readonly peerPort?: number | undefined
}
