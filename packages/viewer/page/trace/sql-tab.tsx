import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { StatementGroup, Trace } from '../api/types.ts'
import { Empty } from '../app/empty.tsx'
import { Icon } from '../app/icons.tsx'
import { hereWith } from '../app/route.ts'
import { duration } from '../format/duration.ts'
import { percent, plural } from '../format/number.ts'
import { Sql } from '../panel/sql.tsx'
import { SqlText } from '../panel/sql-text.tsx'

/** The statements of the trace, equal ones together, those that took most time first. */
export function SqlTab({ trace }: { trace: Trace }): JSX.Element {
  if (trace.statements.length === 0)
    return (
      <Empty title="No statements">
        <p>No span of this trace says that it ran a database statement.</p>
        <p>
          Hand your driver to <code>tracePg</code>, <code>traceMysql</code>, <code>traceMongo</code>{' '}
          or <code>traceRedis</code>, and they show here.
        </p>
      </Empty>
    )
  return (
    <div class="scrolled">
      <div class="table sql-table">
        <div class="table-head sql-columns">
          <span>Statement</span>
          <span>Times</span>
          <span>Total</span>
          <span>Longest</span>
          <span>Of the trace</span>
        </div>
        {trace.statements.map((group, index) => (
          <Group key={group.normalised} group={group} trace={trace} isFirst={index === 0} />
        ))}
      </div>
    </div>
  )
}

function Group(props: { group: StatementGroup; trace: Trace; isFirst: boolean }): JSX.Element {
  const { group, trace } = props
  const [isOpen, setOpen] = useState(props.isFirst)
  const most = Math.max(0, ...group.repeated.map(({ count }) => count))
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
          {most > 0 && <span class="tag warn">N+1 · {most}×</span>}
          {group.errors > 0 && <span class="tag bad">{plural(group.errors, 'error')}</span>}
        </span>
        <span class="figure">{group.count}×</span>
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
              One parent runs this statement {most} times, one after the other. Reading all rows
              with one statement would save most of that time.
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
  const byId = new Map(trace.spans.map((span) => [span.id, span]))
  const longest = [...ids].sort(
    (a, b) => (byId.get(b)?.duration ?? 0) - (byId.get(a)?.duration ?? 0),
  )
  return (
    <p class="span-links">
      {longest.slice(0, 12).map((id) => (
        <a key={id} class="chip" href={hereWith({ tab: undefined, span: id })}>
          {duration(byId.get(id)?.duration ?? 0)}
          <small> at {duration(byId.get(id)?.offset ?? 0)}</small>
        </a>
      ))}
      {ids.length > 12 && <span class="quiet">and {ids.length - 12} shorter ones</span>}
    </p>
  )
}
