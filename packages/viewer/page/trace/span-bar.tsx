import type { JSX } from 'preact'
import { duration } from '../format/duration.ts'
import { serviceColour } from '../format/service-colour.ts'
import { networkGap } from './network-gap.ts'
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
  return (
    <span class="span-bar">
      <Network {...props} at={at} />
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
      <Words start={start} end={end} words={duration(span.duration)} />
    </span>
  )
}

/** The way between two processes: a thin line from the call to its service, and back. */
function Network({ span, view, at }: SpanRowProps & { at: Scale }): JSX.Element | null {
  const parent = spanOf(view, span.parent)
  const moved = view.moved.value
  const gap = networkGap(
    span,
    parent,
    (moved.get(span.id) ?? 0) - (moved.get(parent?.id ?? '') ?? 0),
  )
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

function Words(props: { start: number; end: number; words: string }): JSX.Element {
  const { start, end } = props
  const isInside = start <= 14 && end >= 86
  const beside =
    end < 86 ? { left: `${Math.max(0, end)}%` } : { right: `${Math.min(100, 100 - start)}%` }
  return (
    <span
      class={`bar-words ${isInside ? 'inside' : ''}`}
      style={isInside ? { right: `${Math.max(0, 100 - end)}%` } : beside}
    >
      {props.words}
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
