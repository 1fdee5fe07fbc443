/** What a client that is built on fetch knows of an attempt when it begins. */
export interface AttemptDetails {
  /** How many attempts of the same call went before it. */
  readonly resent: number
  /**
   * When the client aborts it without giving the timeout as the reason, on the clock of
   * `performance.now()`: counted from just before its own timer starts, so it is never too late.
   */
  readonly deadline: number
}
