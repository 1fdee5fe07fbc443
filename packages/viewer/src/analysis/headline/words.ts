import type { SpanRow } from '../../model/rows.ts'
import { destinationOf } from '../../trace/destination.ts'
import { messageStep } from '../../trace/message.ts'
import { spanType, summaryOf } from '../../trace/span-type.ts'

const MAX_WHAT = 80

/** What a span did, in as few words as say it: the statement, the call, the queue, else its name. */
export function whatOf(span: SpanRow): string {
  const step = messageStep(span)
  const queue = destinationOf(span)
  if (step !== undefined && queue !== '') return `${VERBS[step]} ${short(queue)}`
  const summary = spanType(span) === 'db' ? summaryOf(span) : ''
  return short(summary === '' ? span.name : summary)
}

const VERBS = {
  send: 'sending to',
  receive: 'receiving from',
  process: 'handling a message of',
  settle: 'confirming to',
} as const

/** One line that is not long. */
export function short(text: string, most: number = MAX_WHAT): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}

/** A duration in words, from nanoseconds: `310 µs`, `842 ms`, `1.24 s`, `1 m 5 s`. */
export function durationText(nanos: number): string {
  const ms = nanos / 1e6
  if (ms === 0) return '0 ms'
  if (ms < 0.9995) return `${digits(ms * 1000)} µs`
  if (ms < 999.5) return `${digits(ms)} ms`
  if (ms < 59_950) return `${digits(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return twoUnits(seconds, 'm', 's')
  return twoUnits(Math.round(seconds / 60), 'h', 'm')
}

function twoUnits(parts: number, whole: string, part: string): string {
  const rest = parts % 60
  return `${Math.floor(parts / 60)} ${whole}${rest === 0 ? '' : ` ${rest} ${part}`}`
}

function digits(value: number): string {
  return value >= 99.5 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}
