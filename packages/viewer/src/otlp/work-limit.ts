import { MalformedError } from './wire-reader.ts'

const MAX_PARTS = 1_000_000

/**
 * Bounds what is made of one request: two bytes can be an empty span, event or group, and 64 MiB of
 * them would keep all others waiting.
 */
export interface WorkLimit {
  /** Begins a request. */
  begin(): void
  /** @throws MalformedError when the request has too many spans, events, links, groups and items */
  count(): void
}

/** Makes a limit. */
export function createWorkLimit(): WorkLimit {
  let made = 0
  return {
    begin() {
      made = 0
    },
    count() {
      made += 1
      if (made > MAX_PARTS)
        throw new MalformedError(
          `it has more than ${MAX_PARTS} spans, events, links, groups and list items`,
        )
    },
  }
}
