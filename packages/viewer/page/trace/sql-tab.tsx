import type { JSX, TargetedEvent } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Span, StatementGroup, Trace } from '../../src/contract/trace.ts'
import { duration } from '../format/duration.ts'
import { count, percent, plural } from '../format/number.ts'
import { hereWith } from '../navigation/route.ts'
import { Sql } from '../panel/sql.tsx'
import { SqlText } from '../panel/sql-text.tsx'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icons.tsx'

const GROUPS_PER_STEP = 100
/** Spans that a group leads to. */
const MAX_LINKS = 12

/** The statements of the trace, equal ones together, those that took most time first. */
export function SqlTab({ trace }: { trace: Trace }): JSX.Element {
  if (trace.statements.length === 0)
    return (
      <Empty title="No statements">
        <p>No span of this trace ran a database statement.</p>
        <p>
          Pass your driver to <code>tracePg</code>, <code>traceMysql</code>, <code>traceMongo</code>{' '}
          or <code>traceRedis</code>, and its statements appear here.
        </p>
      </Empty>
    )
  return <Groups trace={trace} />
}

/** The first of them, and more when the user scrolls to the end: a trace can have thousands. */
function Groups({ trace }: { trace: Trace }): JSX.Element {
  const [shown, setShown] = useState(GROUPS_PER_STEP)
  const onScroll = ({ currentTarget: box }: TargetedEvent<HTMLElement>) => {
    if (box.scrollTop + 2 * box.clientHeight > box.scrollHeight) setShown(shown + GROUPS_PER_STEP)
  }
  return (
    <div class="scrolled" onScroll={onScroll}>
      <div class="table sql-table">
        <div class="table-head sql-columns">
          <span>Statement</span>
          <span>Times</span>
          <span>Total</span>
          <span>Longest</span>
          <span>Share of trace</span>
        </div>
        {trace.statements.slice(0, shown).map((group, index) => (
          <Group key={group.normalised} group={group} trace={trace} isFirst={index === 0} />
        ))}
      </div>
    </div>
  )
}

function Group(props: { group: StatementGroup; trace: Trace; isFirst: boolean }): JSX.Element {
  const { group, trace } = props
  const [isOpen, setOpen] = useState(props.isFirst)
  const most = group.repeated.reduce((more, each) => Math.max(more, each.count), 0)
  return (
    <div class={`sql-group ${isOpen ? 'open' : ''}`}>
      <button
        type="button"
        class="row sql-columns"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span class="statement">
          <Icon name={isOpen ? 'down' : 'right'} />
          <code>
            <SqlText text={group.text.replace(/\s+/g, ' ').slice(0, 300)} />
          </code>
          {most > 0 && <span class="tag warn">N+1 · {count(most)}×</span>}
          {group.errors > 0 && <span class="tag bad">{plural(group.errors, 'error')}</span>}
        </span>
        <span class="figure">{count(group.count)}×</span>
        <span class="figure">{duration(group.total)}</span>
        <span class="figure">{duration(group.max)}</span>
        <span class="length">
          <i class="track">
            <i class="accent" style={{ width: `${Math.min(100, group.share * 100)}%` }} />
          </i>
          <span>{percent(group.share)}</span>
        </span>
      </button>
      {isOpen && (
        <div class="sql-open">
          {most > 0 && (
            <p class="note">
              One parent runs this statement {count(most)} times, one after the other. Reading all
              rows with one statement would save most of that time.
            </p>
          )}
          <Sql text={group.text} system={group.system} />
          <SpanLinks ids={group.spans} trace={trace} />
        </div>
      )}
    </div>
  )
}

function SpanLinks({ ids, trace }: { ids: readonly string[]; trace: Trace }): JSX.Element {
  const longest = useMemo(() => longestOf(ids, trace), [ids, trace])
  return (
    <p class="span-links">
      {longest.map((span) => (
        <a key={span.id} class="chip" href={hereWith({ tab: undefined, span: span.id })}>
          {duration(span.duration)}
          <small> at {duration(span.offset)}</small>
        </a>
      ))}
      {ids.length > MAX_LINKS && (
        <span class="quiet">and {count(ids.length - MAX_LINKS)} shorter ones</span>
      )}
    </p>
  )
}

function longestOf(ids: readonly string[], trace: Trace): Span[] {
  const wanted = new Set(ids)
  const spans = trace.spans.filter(({ id }) => wanted.has(id))
  return spans.sort((a, b) => b.duration - a.duration).slice(0, MAX_LINKS)
}
