import type { ComponentChildren, JSX } from 'preact'
import type { Span, Trace } from '../api/types.ts'
import { CopyButton } from '../app/copy-button.tsx'
import { Icon } from '../app/icons.tsx'
import { link } from '../app/route.ts'
import { ServiceTag } from '../app/service-tag.tsx'
import { duration } from '../format/duration.ts'
import { percent, plural } from '../format/number.ts'
import { AttributeGroups } from './attribute-groups.tsx'
import { Events } from './events.tsx'
import { SpanLogs } from './span-logs.tsx'
import { Sql } from './sql.tsx'

interface SpanPanelProps {
  readonly span: Span
  readonly trace: Trace
  readonly onClose: () => void
}

/** Everything about one span: what went wrong and the statement first. */
export function SpanPanel({ span, trace, onClose }: SpanPanelProps): JSX.Element {
  return (
    <aside class="panel" aria-label="Span">
      <header>
        <ServiceTag name={span.service} />
        <span class="tag">{span.kind}</span>
        <span class="grow" />
        <CopyButton text={JSON.stringify(span, null, 2)} label="Copy the span as JSON" />
        <button
          type="button"
          class="icon-button"
          aria-label="Close"
          title="Close (Esc)"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
        <h2>{span.name}</h2>
      </header>
      <div class="panel-body">
        <Figures span={span} total={trace.trace.duration} />
        {span.status === 'error' && !span.events?.some(({ name }) => name === 'exception') && (
          <p class="error-note">
            <Icon name="error" />
            {span.statusMessage || String(span.attributes['error.type'] ?? 'This span failed')}
          </p>
        )}
        <Gaps span={span} />
        {span.sql && (
          <Section title="Statement">
            <Sql text={span.sql.text} system={span.sql.system} />
            <Repeated span={span} trace={trace} />
          </Section>
        )}
        <Events span={span} />
        {(span.logs ?? 0) > 0 && (
          <SpanLogs trace={trace.trace.id} span={span.id} start={trace.trace.start} />
        )}
        <AttributeGroups span={span} trace={trace} />
        <Links span={span} />
        <p class="quiet ids">
          Span {span.id}
          {span.parent !== undefined && <>, child of {span.parent}</>}
        </p>
      </div>
    </aside>
  )
}

/** A part of the panel under its title. */
function Section(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  )
}

function Figures({ span, total }: { span: Span; total: number }): JSX.Element {
  const figures: readonly (readonly [string, string, string])[] = [
    [
      'Duration',
      duration(span.duration),
      `${percent(span.duration / Math.max(total, 0.001))} of the trace`,
    ],
    ['Self', duration(span.self), 'no child ran'],
    ['Critical', duration(span.critical), 'on the critical path'],
    ['Begins', `+${duration(span.offset)}`, 'after the trace'],
  ]
  return (
    <dl class="figures">
      {figures.map(([title, value, words]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd title={words}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Gaps({ span }: { span: Span }): JSX.Element | null {
  const { dropped } = span
  const lost = (dropped?.attributes ?? 0) + (dropped?.events ?? 0) + (dropped?.links ?? 0)
  if (!span.orphan && !span.clipped && lost === 0) return null
  return (
    <p class="note">
      {span.orphan &&
        'Its parent is not here: the service before it sent nothing yet, or the trace context was lost on the way. '}
      {span.clipped && 'A value was too long and is cut. '}
      {lost > 0 &&
        `${plural(lost, 'attribute, event or link', 'attributes, events or links')} were dropped by the sender.`}
    </p>
  )
}

function Repeated({ span, trace }: { span: Span; trace: Trace }): JSX.Element | null {
  const group = trace.statements[span.sql?.group ?? -1]
  if (!group || group.count < 2) return null
  return (
    <p class="note">
      This trace runs it {group.count} times, {duration(group.total)} in all.
    </p>
  )
}

function Links({ span }: { span: Span }): JSX.Element | null {
  const links = [
    ...(span.links ?? []).map((each) => ({
      ...each,
      words: each.known ? 'links to' : 'links to (not here)',
    })),
    ...(span.linkedFrom ?? []).map((each) => ({
      ...each,
      words: `linked from ${each.service} ${each.name}`,
    })),
  ]
  if (links.length === 0) return null
  return (
    <Section title="Links">
      <ul class="plain">
        {links.map((each) => (
          <li key={`${each.words}${each.trace}${each.span}`}>
            {each.words}{' '}
            <a href={link(`/traces/${each.trace}`, { span: each.span })}>
              {each.trace.slice(0, 8)}… / {each.span}
            </a>
          </li>
        ))}
      </ul>
    </Section>
  )
}
