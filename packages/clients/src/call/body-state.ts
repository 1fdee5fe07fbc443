/** What has become of the body of a fetched response. */
export type BodyState = 'open' | 'closed' | 'collected'

// What undici cancels a body with whose response nobody holds any more, be it held itself.
const RESPONSE_COLLECTED = 'Response object has been garbage collected'

/** Whether a body was cancelled by undici, which only does so to one that nobody has begun to read. */
export function isResponseCollected(error: unknown): boolean {
  return error === RESPONSE_COLLECTED
}
