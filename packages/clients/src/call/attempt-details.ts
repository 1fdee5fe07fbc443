/** What a client that is built on fetch knows of an attempt. */
export interface AttemptDetails {
  /** How many attempts of the same call went before. */
  readonly resent: number
  /**
   * When the client calls it off without giving that as the reason, on the clock of
   * `performance.now()`: counted from a moment before its own timer starts, so never too late.
   */
  readonly deadline: number
}
