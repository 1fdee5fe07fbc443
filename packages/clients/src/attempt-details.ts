/** What a client that is built on fetch knows of an attempt. */
export interface AttemptDetails {
  /** How many attempts of the same call went before. */
  readonly resent: number
  /** Milliseconds after which the client calls it off, without giving that as the reason. */
  readonly timeout?: number | undefined
}
