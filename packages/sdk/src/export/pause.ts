/** A time in which a collector wants to be left alone. */
export interface Pause {
  /** Why, in the collector's words. */
  readonly reason: string
  /** Milliseconds until it is over; 0 when there is none. */
  millisLeft(): number
  /** Begins or prolongs it; each further one in a row lasts longer than the last at least. */
  begin(millis: number, reason: string): void
  /** The collector takes things again. */
  end(): void
}

const FIRST_REPEATED_MILLIS = 1000
const GROWTH = 1.5
/** Longest pause: what a collector asks for beyond that is not believed. */
const MAX_PAUSE_MILLIS = 5 * 60_000

/** No pause yet. */
export function createPause(): Pause {
  let until = 0
  let inRow = 0
  let why = ''
  return {
    get reason() {
      return why
    },
    millisLeft: () => Math.max(0, Math.ceil(until - performance.now())),
    begin(millis, reason) {
      // A collector that always says "at once" would be asked without a pause.
      const least = inRow === 0 ? 0 : FIRST_REPEATED_MILLIS * GROWTH ** (inRow - 1)
      inRow = Math.min(inRow + 1, 20)
      until = performance.now() + Math.min(Math.max(millis, least), MAX_PAUSE_MILLIS)
      why = reason
    },
    end() {
      until = 0
      inRow = 0
    },
  }
}
