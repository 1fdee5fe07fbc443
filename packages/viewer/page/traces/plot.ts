import type { RangeParameters } from '../../src/contract/local-api.ts'
import type { Scatter } from '../../src/contract/trace-list.ts'

/** How times and durations lie on the canvas; durations by their logarithm. */
export interface Plot {
  readonly width: number
  readonly height: number
  readonly from: number
  readonly to: number
  readonly shortest: number
  readonly longest: number
}

/** The room around the dots for the axes. */
export const margin = { left: 58, right: 14, top: 8, bottom: 20 } as const

/** The plot that holds all the dots; undefined while there is nothing to draw. */
export function plotOf(
  data: Scatter | undefined,
  size: { width: number; height: number },
  range: RangeParameters,
): Plot | undefined {
  if (!data || data.ids.length === 0 || size.width === 0) return undefined
  const asked = Number(range.from || 0)
  const first = data.start.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY)
  const last = data.start.reduce((most, each) => Math.max(most, each), 0)
  const to = Number(range.to || 0) || (asked < 0 ? Date.now() : last)
  const from = asked < 0 ? Date.now() + asked : asked || Math.min(first, to - 10_000)
  const shortest = data.duration.reduce((least, each) => Math.min(least, each), 10)
  const longest = data.duration.reduce((most, each) => Math.max(most, each), 10)
  return {
    ...size,
    from,
    to: Math.max(to, from + 1),
    shortest: Math.max(0.01, shortest / 1.3),
    longest: longest * 1.3,
  }
}

/** Where a point in time lies. */
export function xOf(plot: Plot, time: number): number {
  const room = plot.width - margin.left - margin.right
  return margin.left + ((time - plot.from) / (plot.to - plot.from)) * room
}

/** Where a duration lies. */
export function yOf(plot: Plot, ms: number): number {
  const room = plot.height - margin.top - margin.bottom
  const share =
    Math.log(Math.max(ms, plot.shortest) / plot.shortest) / Math.log(plot.longest / plot.shortest)
  return margin.top + (1 - share) * room
}

/** The dot nearest to a place, within reach of a pointer; -1 when there is none. */
export function nearest(plot: Plot, data: Scatter, x: number, y: number): number {
  let found = -1
  let least = 100
  for (let i = 0; i < data.ids.length; i++) {
    const dx = xOf(plot, data.start[i] ?? 0) - x
    const dy = yOf(plot, data.duration[i] ?? 0) - y
    const distance = dx * dx + dy * dy
    if (distance < least) {
      least = distance
      found = i
    }
  }
  return found
}

/** What a rectangle holds: times in milliseconds, durations in milliseconds as queries have them. */
export function selectionOf(
  plot: Plot,
  a: { x: number; y: number },
  b: { x: number; y: number },
): { from: number; to: number; shortest: string; longest: string } {
  const room = plot.width - margin.left - margin.right
  const time = (x: number) => plot.from + ((x - margin.left) / room) * (plot.to - plot.from)
  const height = plot.height - margin.top - margin.bottom
  const ms = (y: number) =>
    plot.shortest * (plot.longest / plot.shortest) ** (1 - (y - margin.top) / height)
  const lowest = Math.max(a.y, b.y)
  return {
    from: Math.floor(time(Math.min(a.x, b.x))),
    to: Math.ceil(time(Math.max(a.x, b.x))),
    // The dots of what is too short for the axis lie on its end.
    shortest: lowest >= plot.height - margin.bottom ? '0' : rounded(ms(lowest), Math.floor),
    longest: rounded(ms(Math.min(a.y, b.y)), Math.ceil),
  }
}

/** Three digits that count, without an exponent. */
function rounded(value: number, round: (value: number) => number): string {
  const power = Math.floor(Math.log10(value)) - 2
  if (power >= 0) return String(round(value / 10 ** power) * 10 ** power)
  return String(Number((round(value * 10 ** -power) / 10 ** -power).toFixed(-power)))
}
