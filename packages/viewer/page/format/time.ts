const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const minute = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dated = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'numeric',
  year: '2-digit',
})
const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' })
const year = new Intl.DateTimeFormat(undefined, { year: 'numeric' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

const DAY = 24 * 3_600_000
const YEAR = 365 * DAY

/** The time of day with milliseconds: `12:01:07.123`. */
export function timeOfDay(ms: number): string {
  return `${clock.format(ms)}.${String(Math.floor(ms) % 1000).padStart(3, '0')}`
}

/** The time of day to the second: `12:01:07`. */
export function clockTime(ms: number): string {
  return clock.format(ms)
}

/** The time at a mark of an axis, as exact as the marks are far apart; the day where a day begins. */
export function tickTime(ms: number, step: number): string {
  if (step < 1000) return timeOfDay(ms)
  if (step < 60_000) return clock.format(ms)
  // Years are marked as long as they are on an average, which may be in the last hours of December.
  if (step > YEAR) return year.format(ms + 2 * DAY)
  if (step > YEAR / 4) return month.format(ms)
  const words = minute.format(ms)
  return words === '00:00' ? date.format(ms) : words
}

/** When it was: the time of day with milliseconds; the day and the minute when it is long ago, or to come. */
export function startTime(ms: number, now: number = Date.now()): string {
  const away = Math.abs(now - ms)
  if (away < DAY / 2) return timeOfDay(ms)
  return `${(away < YEAR / 2 ? date : dated).format(ms)} ${minute.format(ms)}`
}

/** The day and the time. */
export function dayAndTime(ms: number): string {
  return `${day.format(ms)}, ${timeOfDay(ms)}`
}

/** How long ago: `3 s ago`. */
export function ago(ms: number, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - ms) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`
  return `${Math.round(seconds / 3600)} h ago`
}
