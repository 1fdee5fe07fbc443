import type { HrTime, TimeInput } from '@opentelemetry/api'

const NANOS_PER_MILLI = 1e6
const NANOS_PER_SECOND = 1e9

/** The clock of one span: times that are not given are its start and what a monotonic clock measured since. */
export class SpanClock {
  readonly start: HrTime
  private readonly startedAt: number
  private readonly offset: number
  private readonly isStartGiven: boolean

  constructor(given: TimeInput | undefined | null) {
    // Read through the objects each time: fake timers replace the functions.
    const now = Date.now()
    this.startedAt = performance.now()
    this.offset = now - (this.startedAt + performance.timeOrigin)
    this.isStartGiven = given !== undefined && given !== null
    this.start = this.read(given ?? now)
  }

  /** Seconds and nanoseconds since 1970. A number up to `performance.now()` is of that clock, a bigger one milliseconds since 1970. */
  read(given?: unknown): HrTime {
    if (typeof given === 'number') {
      if (given > performance.now()) return fromMillis(given)
      return add(fromMillis(performance.timeOrigin), fromMillis(given + this.offset))
    }
    if (given instanceof Date) return fromMillis(given.getTime())
    if (isHrTime(given)) return given
    // With a given start, the time since the span was made says nothing.
    if (this.isStartGiven) return fromMillis(Date.now())
    return add(this.start, fromMillis(performance.now() - this.startedAt))
  }
}

/** Whether it is one of the four ways to give a time. */
export function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || isHrTime(value)
}

/** How long it took; the seconds are negative if `end` is before `start`. */
export function durationOf(start: HrTime, end: HrTime): HrTime {
  const seconds = end[0] - start[0]
  const nanos = end[1] - start[1]
  return nanos < 0 ? [seconds - 1, nanos + NANOS_PER_SECOND] : [seconds, nanos]
}

function fromMillis(millis: number): HrTime {
  return [Math.trunc(millis / 1000), Math.round((millis % 1000) * NANOS_PER_MILLI)]
}

function add(one: HrTime, other: HrTime): HrTime {
  const nanos = one[1] + other[1]
  const carry = nanos >= NANOS_PER_SECOND ? 1 : 0
  return [one[0] + other[0] + carry, nanos - carry * NANOS_PER_SECOND]
}

function isHrTime(value: unknown): value is HrTime {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === 'number' &&
    typeof value[1] === 'number'
  )
}
