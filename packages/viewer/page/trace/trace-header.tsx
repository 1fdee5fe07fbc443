import type { JSX } from 'preact'
import { apiPath } from '../../src/contract/api-path.ts'
import type { Trace } from '../../src/contract/trace.ts'
import type { Headline, TraceSummary } from '../../src/contract/trace-list.ts'
import { readMarkdown } from '../api/client.ts'
import { keptTrace } from '../api/kept-trace.ts'
import { duration } from '../format/duration.ts'
import { count, plural } from '../format/number.ts'
import { dayAndTime } from '../format/time.ts'
import { hereWith, link, listAddress } from '../navigation/route.ts'
import { term } from '../query/terms.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icons.tsx'
import { ServiceTag } from '../ui/service-tag.tsx'
import { OpenIn } from './open-in.tsx'

/** What the trace is, whom it was for, and its tabs. */
export function TraceHeader(props: { trace: Trace; tab: string }): JSX.Element {
  const { trace } = props.trace
  return (
    <header class="trace-head">
      <div class="trace-title">
        <div class="trace-subject">
          {!keptTrace && (
            <a class="icon-button" href={listAddress()} aria-label="All traces" title="All traces">
              <Icon name="back" />
            </a>
          )}
          <ServiceTag name={trace.root.service} />
          <h1 title={trace.root.name}>{trace.root.name}</h1>
          <Who trace={trace} />
        </div>
        <div class="trace-actions">
          <OpenIn id={trace.id} />
          <HandOn id={trace.id} />
        </div>
      </div>
      <HeadlineText headline={trace.headline} />
      <Facts trace={trace} />
      <Tabs {...props} />
    </header>
  )
}

/** The trace for others: as Markdown for an issue or a model, as a file for a colleague. */
function HandOn({ id }: { id: string }): JSX.Element {
  return (
    <>
      <CopyButton
        text={() => readMarkdown(id)}
        label="Copy this trace as Markdown, with its statements, errors and log lines"
        words="Markdown"
      />
      {!keptTrace && (
        <a
          class="button small"
          href={apiPath(`traces/${id}.html`)}
          download={`trace-${id.slice(0, 8)}.html`}
          title="Save this trace as one HTML file, to be opened anywhere"
        >
          Save as HTML
        </a>
      )}
      <CopyButton text={id} label={`Copy the trace id ${id}`} words="Trace id" />
      {!keptTrace && (
        <CopyButton
          text={location.origin + hereWith({})}
          label="Copy the link to this view"
          words="Link"
        />
      )}
    </>
  )
}

/** What happened, with the way to the row that it is about. */
function HeadlineText({ headline }: { headline: Headline }): JSX.Element {
  const { kind, text, span } = headline
  return (
    <p class={`headline ${kind}`}>
      {span === undefined ? text : <a href={hereWith({ tab: undefined, span })}>{text}</a>}
    </p>
  )
}

function Who({ trace }: { trace: TraceSummary }): JSX.Element {
  return (
    <span class="who">
      {trace.tenants.map((tenant) => (
        <a
          key={tenant}
          class="tag tenant"
          title={`All traces of ${tenant}`}
          href={link('/traces', { q: term('tenant', tenant) })}
        >
          {tenant}
        </a>
      ))}
      {trace.users.map((user) => (
        <a
          key={user}
          class="tag user"
          title={`All traces of ${user}`}
          href={link('/traces', { q: term('user', user) })}
        >
          {user}
        </a>
      ))}
    </span>
  )
}

function Facts({ trace }: { trace: TraceSummary }): JSX.Element {
  return (
    <p class="facts">
      <b>{duration(trace.duration)}</b>
      <span>{dayAndTime(trace.start)}</span>
      <span>{plural(trace.spans, 'span')}</span>
      <span>{plural(trace.services.length, 'service')}</span>
      {trace.httpStatus !== undefined && <span>HTTP {trace.httpStatus}</span>}
      {trace.errors > 0 && <span class="bad">{plural(trace.errors, 'error')}</span>}
      {trace.rootMissing && <span class="warn">Root span not received</span>}
      {trace.orphans > 0 && (
        <span class="warn" title="A service in between sent nothing or lost the trace context">
          {plural(trace.orphans, 'span')} without their parent
        </span>
      )}
      {trace.late && <span class="warn">Earlier spans were evicted to make room</span>}
      {trace.unkept > 0 && <span class="warn">{plural(trace.unkept, 'span')} beyond the cap</span>}
    </p>
  )
}

function Tabs({ trace, tab }: { trace: Trace; tab: string }): JSX.Element {
  const isRepeated = trace.statements.some(({ repeated }) => repeated.length > 0)
  const tabs: readonly (readonly [string, string, number?])[] = [
    ['timeline', 'Timeline'],
    ['sql', 'SQL', trace.trace.statements],
    ['logs', 'Logs', trace.trace.logs],
    ['map', 'Map'],
    ['json', 'JSON'],
  ]
  return (
    <div class="tabs" role="tablist" aria-label="Views of this trace">
      {tabs.map(([name, words, within = 0]) => (
        <a
          key={name}
          id={`tab-${name}`}
          role="tab"
          aria-selected={name === tab}
          aria-controls="tab-panel"
          href={hereWith({ tab: name === 'timeline' ? undefined : name })}
        >
          {words}
          {within > 0 && <small>{count(within)}</small>}
          {name === 'sql' && isRepeated && <small class="tag warn">N+1</small>}
        </a>
      ))}
    </div>
  )
}
