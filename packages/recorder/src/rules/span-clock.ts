import type { HrTime, TimeInput } from '@opentelemetry/api'

const NANOS_PER_MILLI = 1e6
const NANOS_PER_SECOND = 1e9

/** The clock of one span: times that are not given are its start and what a monotonic clock measured since. */
export class SpanClock {
  readonly start: HrTime
  private readonly now: number
  private readonly startedAt: number
  private readonly isStartGiven: boolean

  constructor(given: TimeInput | undefined | null) {
    // Read through the objects each time: fake timers replace the functions.
    this.now = Date.now()
    this.startedAt = performance.now()
    this.isStartGiven = given !== undefined && given !== null
    const isEpoch = !this.isStartGiven && this.now > this.startedAt
    this.start = isEpoch ? fromMillis(this.now) : this.read(given ?? this.now)
  }

  /** Seconds and nanoseconds since 1970. A number up to `performance.now()` is of that clock, a bigger one milliseconds since 1970. */
  read(given?: unknown): HrTime {
    if (given === undefined) return this.current()
    if (typeof given === 'number') {
      if (given > performance.now()) return fromMillis(given)
      const { timeOrigin } = performance
      const offset = this.now - (this.startedAt + timeOrigin)
      return add(fromMillis(timeOrigin), fromMillis(given + offset))
    }
    if (given instanceof Date) return fromMillis(given.getTime())
    return isHrTime(given) ? given : this.current()
  }

  private current(): HrTime {
    // With a given start, the time since the span was made says nothing.
    if (this.isStartGiven) return fromMillis(Date.now())
    return add(this.start, fromMillis(performance.now() - this.startedAt))
  }
}

/** Whether it is one of the four ways to give a time. */
export function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || isHrTime(value)
}

/** Whether a time is before another, by whole seconds or less. */
export function isBefore(time: HrTime, other: HrTime): boolean {
  return time[0] < other[0] || (time[0] === other[0] && time[1] < other[1])
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
