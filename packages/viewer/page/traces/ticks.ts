import { type Plot, yOf } from './plot.ts'

/** A mark of an axis must be so far from the next, in pixels, that the words of both can be read. */
const APART = { durations: 16, times: 110 } as const

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** The calendar's averages. */
const YEAR = 365.25 * DAY

/** Durations that have a name: for a long axis, and for a short one. */
const coarse = [
  ...[0.001, 0.01, 0.1, 1, 10, 100],
  ...[1, 10].map((each) => each * SECOND),
  ...[1, 10].map((each) => each * MINUTE),
  ...[1, 10, 100, 1000].map((each) => each * HOUR),
]
const fine = [
  ...[0.001, 0.01, 0.1, 1, 10, 100].flatMap((each) => [each, 2 * each, 5 * each]),
  ...[SECOND, MINUTE].flatMap((unit) => [1, 2, 5, 10, 20, 30].map((each) => each * unit)),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((each) => each * HOUR),
]

const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[SECOND, MINUTE].flatMap((unit) => [1, 2, 5, 10, 15, 30].map((each) => each * unit)),
  ...[1, 2, 3, 6, 12].map((each) => each * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((each) => each * DAY),
]

/** The durations to mark, in milliseconds, the longest first: round in their own unit. */
export function durationTicks(plot: Plot): number[] {
  const within = (all: readonly number[]) =>
    all.filter((each) => each >= plot.shortest && each <= plot.longest)
  const few = within(coarse)
  const ticks: number[] = []
  let above = Number.NEGATIVE_INFINITY
  for (const each of (few.length < 3 ? within(fine) : few).reverse()) {
    const y = yOf(plot, each)
    if (y - above < APART.durations) continue
    ticks.push(each)
    above = y
  }
  return ticks
}

/** The times to mark, in milliseconds, and how far they are apart: round by the clock that people see. */
export function timeTicks(
  { from, to, width }: Plot,
  zone: number = -new Date(from).getTimezoneOffset() * MINUTE,
): { readonly times: readonly number[]; readonly step: number } {
  const wanted = (to - from) / Math.max(1, width / APART.times)
  const step = steps.find((each) => each >= wanted) ?? Math.ceil(wanted / YEAR) * YEAR
  const times: number[] = []
  const first = Math.ceil((from + zone) / step) * step - zone
  for (let time = first; time <= to; time += step) times.push(time)
  return { times, step }
}
