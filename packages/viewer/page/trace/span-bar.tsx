import type { JSX } from 'preact'
import type { Span } from '../api/types.ts'
import { duration } from '../format/duration.ts'
import { inkOn, serviceColour } from '../format/service-colour.ts'
import { type Gap, networkGap } from './network-gap.ts'
import type { SpanRowProps } from './span-row.tsx'
import { spanOf } from './view.ts'

/** Fewer parts of the width than dots could be told apart. */
const PLACES = 240

/** Where a point in time lies, in percent of the width. */
type Scale = (ms: number) => number

/** The bar of a span on the time axis, its share of the critical path, and its events. */
export function SpanBar(props: SpanRowProps): JSX.Element {
  const { span, view, critical } = props
  const { from, to } = view.part.value
  const shift = view.moved.value.get(span.id) ?? 0
  const at = (ms: number) => ((ms + shift - from) / (to - from)) * 100
  const start = at(span.offset)
  const end = at(span.offset + span.duration)
  const gap = gapOf(props)
  return (
    <span class="span-bar">
      <Network span={span} gap={gap} at={at} />
      <i
        class={`bar ${span.kind}`}
        style={{
          left: `${start}%`,
          width: `max(2px, ${end - start}%)`,
          background: serviceColour(span.service),
        }}
      />
      {view.showCritical.value &&
        joined(critical ?? [], (to - from) / 1000).map((part) => (
          <i
            key={part.from}
            class="critical"
            style={{ left: `${at(part.from)}%`, width: `${at(part.to) - at(part.from)}%` }}
          />
        ))}
      <Dots {...props} at={at} />
      <Words
        bar={{ start, end }}
        line={{
          start: at(span.offset - (gap?.before ?? 0)),
          end: at(span.offset + span.duration + (gap?.after ?? 0)),
        }}
        span={span}
      />
    </span>
  )
}

/** The way between two processes: a thin line from the call to its service, and back. */
function Network({ span, gap, at }: { span: Span; gap: Gap | undefined; at: Scale }) {
  if (!gap || gap.before + gap.after === 0) return null
  const start = at(span.offset - gap.before)
  const end = at(span.offset + span.duration + gap.after)
  return (
    <i
      class="network"
      title={`Between the services: ${duration(gap.before)} on the way here, ${duration(gap.after)} on the way back`}
      style={{ left: `${start}%`, width: `${end - start}%` }}
    />
  )
}

function gapOf({ span, view }: SpanRowProps): Gap | undefined {
  const moved = view.moved.value
  const shift = (id: string | undefined) => moved.get(id ?? '') ?? 0
  return networkGap(span, spanOf(view, span.parent), shift(span.id) - shift(span.parent))
}

function Dots({ span, at }: SpanRowProps & { at: Scale }): JSX.Element {
  const places = new Map<string, { left: number; names: string[] }>()
  for (const event of span.events ?? []) {
    const left = at(event.offset)
    if (left < -1 || left > 101) continue
    const key = `${event.name === 'exception'} ${Math.round((left / 100) * PLACES)}`
    const place = places.get(key)
    if (place) place.names.push(event.name)
    else places.set(key, { left, names: [event.name] })
  }
  return (
    <>
      {[...places].map(([key, { left, names }]) => (
        <i
          key={key}
          class={`event ${key.startsWith('true') ? 'exception' : ''}`}
          style={{ left: `${left}%` }}
          title={names.length > 3 ? `${names.length} events` : names.join(', ')}
        />
      ))}
    </>
  )
}

interface Stretch {
  readonly start: number
  readonly end: number
}

interface WordsProps {
  readonly span: Span
  readonly bar: Stretch
  /** The bar with the way there and back. */
  readonly line: Stretch
}

/** Percent of the width that the words need. */
const ROOM = 14

/** The duration: in a bar over the whole width, else after it, before it, or in it, where there is room. */
function Words({ span, bar, line }: WordsProps): JSX.Element {
  const isAll = bar.start <= ROOM && bar.end >= 100 - ROOM
  const isInside =
    isAll || (line.start <= ROOM && line.end >= 100 - ROOM && bar.end - bar.start > ROOM)
  const style = isInside
    ? { right: `${Math.max(0, 100 - bar.end)}%`, '--on': inkOn(span.service) }
    : line.end < 100 - ROOM || line.start <= ROOM
      ? { left: `${Math.max(0, line.end < 100 - ROOM ? line.end : bar.end)}%` }
      : { right: `${Math.min(100, 100 - line.start)}%` }
  return (
    <span class={`bar-words ${isInside ? 'inside' : ''}`} style={style}>
      {duration(span.duration)}
    </span>
  )
}

/** Parts that no eye could tell apart are one. */
function joined(
  parts: readonly { from: number; to: number }[],
  least: number,
): { from: number; to: number }[] {
  const merged: { from: number; to: number }[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (last && part.from - last.to < least) last.to = part.to
    else merged.push({ ...part })
  }
  return merged
}
