/** What has become of the body of a fetched response. */
export type BodyState = 'open' | 'closed' | 'collected'

// What undici cancels a body with when its response was collected, even if the body is still held.
const RESPONSE_COLLECTED = 'Response object has been garbage collected'

/** Whether undici cancelled a body, which it does only when nobody has begun to read it. */
export function isResponseCollected(error: unknown): boolean {
  return error === RESPONSE_COLLECTED
}
