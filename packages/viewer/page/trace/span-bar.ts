import type { Span } from '../../src/contract/trace.ts'
import { serviceColour } from '../api/service-colour.ts'
import { duration } from '../format/duration.ts'
import { networkGap } from '../format/network-gap.ts'
import { element } from '../ui/element.ts'
import { createBarWords } from './bar-words.ts'
import type { Stretch, Waterfall } from './waterfall.ts'

/** The right half of a row. */
export interface SpanBar {
  readonly element: HTMLElement
  readonly show: (span: Span, waterfall: Waterfall) => void
}

/** Where a point in time lies, in percent of the width. */
type Scale = (ms: number) => number

/** Smaller parts of the width than the eye can tell apart. */
const DOT_PLACES = 240

/** Makes the right half of a row: the span's bar, its share of the critical path, its events. */
export function createSpanBar(): SpanBar {
  const bar = element('i', 'bar')
  const behind = element('span', 'bar-marks')
  const marks = element('span', 'bar-marks')
  const words = createBarWords()
  const whole = element('span', 'span-bar', behind, bar, marks, words.element)
  return {
    element: whole,
    show(span, waterfall) {
      const at = scaleOf(span, waterfall)
      const ends = { start: at(span.offset), end: at(span.offset + span.duration) }
      bar.className = `bar ${span.kind}`
      bar.style.left = `${ends.start}%`
      bar.style.width = `max(2px, ${ends.end - ends.start}%)`
      bar.style.background = serviceColour(span.service)
      const gap = gapOf(span, waterfall)
      const line = {
        start: at(span.offset - gap.before),
        end: at(span.offset + span.duration + gap.after),
      }
      replace(behind, [...networkOf(gap, line), ...waitOf(span, waterfall, at)])
      replace(marks, [...criticalOf(span, waterfall, at), ...dotsOf(span, at)])
      words.show(span, ends, line)
    },
  }
}

function replace(marks: HTMLElement, next: readonly HTMLElement[]): void {
  if (next.length > 0 || marks.firstChild) marks.replaceChildren(...next)
}

function scaleOf(span: Span, { part, moved }: Waterfall): Scale {
  const shift = (moved.get(span.id) ?? 0) - part.from
  const share = 100 / (part.to - part.from)
  return (ms) => (ms + shift) * share
}

function gapOf(span: Span, { moved, spanOf }: Waterfall): { before: number; after: number } {
  const shift = (id: string | undefined) => moved.get(id ?? '') ?? 0
  const gap = networkGap(span, spanOf(span.parent), shift(span.id) - shift(span.parent))
  return gap ?? { before: 0, after: 0 }
}

/** The way between two processes: a thin line from the call to its service, and back. */
function networkOf(
  gap: { before: number; after: number },
  line: { start: number; end: number },
): HTMLElement[] {
  if (gap.before + gap.after === 0) return []
  const way = stretch('network', line.start, line.end)
  way.title = `Between the services: ${duration(gap.before)} on the way here, ${duration(gap.after)} on the way back`
  return [way]
}

/** The time in the queue: a thin line from the end of the send to the message's handling. */
function waitOf(span: Span, { spanOf }: Waterfall, at: Scale): HTMLElement[] {
  const waited = span.message?.waited ?? 0
  if (waited === 0 || spanOf(span.parent)?.message?.step !== 'send') return []
  const way = stretch('network waiting', at(span.offset - waited), at(span.offset))
  way.title = `In ${span.message?.queue ?? 'the queue'} for ${duration(waited)}`
  return [way]
}

function criticalOf(span: Span, { critical, part }: Waterfall, at: Scale): HTMLElement[] {
  const parts = critical.get(span.id)
  if (!parts) return []
  return joined(parts, (part.to - part.from) / 1000).map(({ from, to }) =>
    stretch('critical', at(from), at(to)),
  )
}

function dotsOf(span: Span, at: Scale): HTMLElement[] {
  if (!span.events?.length) return []
  const places = new Map<string, { left: number; names: string[] }>()
  for (const event of span.events) {
    const left = at(event.offset)
    if (left < -1 || left > 101) continue
    const key = `${event.name === 'exception' ? 'exception' : ''} ${Math.round((left / 100) * DOT_PLACES)}`
    const place = places.get(key)
    if (place) place.names.push(event.name)
    else places.set(key, { left, names: [event.name] })
  }
  return [...places].map(([key, { left, names }]) => {
    const dot = element('i', `event ${key.split(' ')[0]}`)
    dot.style.left = `${left}%`
    dot.title = names.length > 3 ? `${names.length} events` : names.join(', ')
    return dot
  })
}

function stretch(className: string, start: number, end: number): HTMLElement {
  const made = element('i', className)
  made.style.left = `${start}%`
  made.style.width = `${end - start}%`
  return made
}

/** Parts that no eye could tell apart are one. */
function joined(parts: readonly Stretch[], least: number): Stretch[] {
  const merged: { from: number; to: number }[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (last && part.from - last.to < least) last.to = part.to
    else merged.push({ ...part })
  }
  return merged
}
