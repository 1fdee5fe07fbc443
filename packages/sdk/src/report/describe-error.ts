const NO_REASON = 'no reason given'

/** What `error` says, whatever it is; never throws. */
export function describeError(error: unknown): string {
  try {
    const said = error instanceof Error ? error.message : error
    return said === undefined || said === '' ? NO_REASON : String(said)
  } catch {
    return NO_REASON
  }
}
