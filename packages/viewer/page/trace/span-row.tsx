import type { JSX } from 'preact'
import type { Span } from '../api/types.ts'
import { Icon } from '../app/icons.tsx'
import { duration } from '../format/duration.ts'
import { serviceColour } from '../format/service-colour.ts'
import { SpanBar } from './span-bar.tsx'
import type { TraceView } from './view.ts'

/** One span of the waterfall, and what is said of it there. */
export interface SpanRowProps {
  readonly span: Span
  readonly view: TraceView
  readonly isChosen: boolean
  readonly isFolded: boolean
  readonly isFirst: boolean
  readonly critical: readonly { from: number; to: number }[] | undefined
  readonly repeated: number
}

/** One span of the waterfall: its name under its parent's, its bar on the time axis. */
export function SpanRow(props: SpanRowProps): JSX.Element {
  const { span, view, isChosen, isFolded } = props
  const isFound = view.find.value.ids.has(span.id)
  const level = span.depth - (view.focused.value?.depth ?? 0)
  return (
    <div
      class={`span-row ${isChosen ? 'chosen' : ''} ${isFound ? 'found' : ''}`}
      data-key={span.id}
      role="treeitem"
      tabIndex={isChosen || props.isFirst ? 0 : -1}
      aria-level={level + 1}
      aria-selected={isChosen}
      aria-expanded={span.descendants > 0 ? !isFolded : undefined}
      aria-label={`${span.service} ${span.name}, ${duration(span.duration)}${span.status === 'error' ? ', error' : ''}`}
    >
      <Name {...props} level={level} />
      <SpanBar {...props} />
    </div>
  )
}

function Name(props: SpanRowProps & { level: number }): JSX.Element {
  const { span, isFolded, repeated, level } = props
  return (
    <span class="span-name" style={{ paddingLeft: `${Math.min(level, 24) * 12 + 6}px` }}>
      <span class={`twisty ${span.descendants > 0 ? '' : 'unseen-keep'}`} data-twisty="true">
        <Icon name={isFolded ? 'right' : 'down'} />
      </span>
      <i class="stripe" style={{ background: serviceColour(span.service) }} />
      <span class="span-service">{span.service}</span>
      {span.type === 'db' && <Icon name="database" />}
      <span class="span-label" title={span.name}>
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
      <Failure {...props} />
    </span>
  )
}

/** An error of the span itself, or the way to one below it. */
function Failure({ span, view, isFolded }: SpanRowProps): JSX.Element | null {
  const isBelow = view.withErrorBelow.value.has(span.id)
  if (span.status !== 'error' && !isBelow) return null
  const isOwn = span.status === 'error'
  return (
    <span
      class={isOwn || isFolded ? 'bad' : 'error-below'}
      title={isOwn ? 'Error' : 'An error below'}
    >
      {isOwn || isFolded ? <Icon name="error" /> : <i />}
    </span>
  )
}
