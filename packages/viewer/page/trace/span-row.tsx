import type { JSX } from 'preact'
import type { Span } from '../api/types.ts'
import { Icon } from '../app/icons.tsx'
import { duration } from '../format/duration.ts'
import { serviceColour } from '../format/service-colour.ts'
import { shownPart } from './ruler.tsx'
import type { TraceView } from './view.ts'

interface SpanRowProps {
  readonly span: Span
  readonly view: TraceView
  readonly isChosen: boolean
  readonly isFolded: boolean
  readonly hasFailure: boolean
  readonly isFirst: boolean
  readonly critical: readonly { from: number; to: number }[] | undefined
  readonly repeated: number
}

/** One span of the waterfall: its name under its parent's, its bar on the time axis. */
export function SpanRow(props: SpanRowProps): JSX.Element {
  const { span, view, isChosen, isFolded } = props
  const isFound = view.found.value.has(span.id)
  return (
    <div
      class={`span-row ${isChosen ? 'chosen' : ''} ${isFound ? 'found' : ''}`}
      data-key={span.id}
      role="treeitem"
      tabIndex={isChosen || props.isFirst ? 0 : -1}
      aria-level={span.depth + 1}
      aria-selected={isChosen}
      aria-expanded={span.descendants > 0 ? !isFolded : undefined}
      aria-label={`${span.service} ${span.name}, ${duration(span.duration)}${span.status === 'error' ? ', error' : ''}`}
    >
      <Name {...props} />
      <Bar {...props} />
    </div>
  )
}

function Name({ span, isFolded, hasFailure, repeated }: SpanRowProps): JSX.Element {
  return (
    <span class="span-name" style={{ paddingLeft: `${Math.min(span.depth, 24) * 14 + 6}px` }}>
      <span class={`twisty ${span.descendants > 0 ? '' : 'unseen-keep'}`} data-twisty="true">
        <Icon name={isFolded ? 'right' : 'down'} />
      </span>
      <i class="stripe" style={{ background: serviceColour(span.service) }} />
      <span class="span-service">{span.service}</span>
      {span.type === 'db' && <Icon name="database" />}
      <span class="span-label">
        {span.name}
        {span.kind === 'client' && span.type === 'http' && <small>{span.summary}</small>}
      </span>
      {isFolded && <small class="tag">+{span.descendants}</small>}
      {repeated > 0 && (
        <small class="tag warn" title={`The same statement ${repeated} times, one after the other`}>
          N+1 · {repeated}×
        </small>
      )}
      {span.orphan && (
        <small class="tag warn" title={`Its parent ${span.parent} is not here`}>
          no parent
        </small>
      )}
      {(span.status === 'error' || hasFailure) && (
        <span class="bad">
          <Icon name="error" />
        </span>
      )}
    </span>
  )
}

function Bar({ span, view, critical }: SpanRowProps): JSX.Element {
  const { from, to } = shownPart(view)
  const shift = view.moved.value.get(span.id) ?? 0
  const at = (ms: number) => ((ms + shift - from) / (to - from)) * 100
  const start = at(span.offset)
  const end = at(span.offset + span.duration)
  const words = duration(span.duration)
  const side =
    end < 86 ? { left: `${Math.max(0, end)}%` } : { right: `${Math.min(100, 100 - start)}%` }
  return (
    <span class="span-bar">
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
      {span.events?.map((event) => (
        <i
          key={event.offset}
          class={`event ${event.name === 'exception' ? 'exception' : ''}`}
          style={{ left: `${at(event.offset)}%` }}
          title={event.name}
        />
      ))}
      <span
        class={`bar-words ${start <= 14 && end >= 86 ? 'inside' : ''}`}
        style={start <= 14 && end >= 86 ? { right: `${100 - end}%` } : side}
      >
        {words}
      </span>
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
