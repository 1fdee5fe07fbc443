import type { JSX } from 'preact'
import type { Trace, WholeSpan } from '../../src/contract/trace.ts'
import { duration } from '../format/duration.ts'
import { count, plural } from '../format/number.ts'
import { Icon } from '../ui/icons.tsx'
import { AttributeGroups } from './attribute-groups.tsx'
import { Events } from './events.tsx'
import { Links } from './links.tsx'
import { Section } from './section.tsx'
import { SpanLogs } from './span-logs.tsx'
import { Sql } from './sql.tsx'

interface DetailsProps {
  readonly span: WholeSpan
  readonly trace: Trace
}

/** What the span says of itself: the error, the statement, events, logs, attributes, links. */
export function Details({ span, trace }: DetailsProps): JSX.Element {
  const hasException = span.events?.some(({ name }) => name === 'exception')
  return (
    <>
      {span.status === 'error' && !hasException && (
        <p class="error-note">
          <Icon name="error" />
          {span.statusMessage || String(span.attributes['error.type'] ?? 'This span failed')}
        </p>
      )}
      <Gaps span={span} />
      {span.sql?.text && (
        <Section title="Statement">
          <Sql text={span.sql.text} system={span.sql.system ?? ''} />
          <Repeated span={span} trace={trace} />
        </Section>
      )}
      <Events span={span} />
      {(span.logs ?? 0) > 0 && (
        <SpanLogs trace={trace.trace.id} span={span.id} start={trace.trace.start} />
      )}
      <AttributeGroups span={span} trace={trace} />
      <Links span={span} trace={trace.trace.id} />
    </>
  )
}

function Gaps({ span }: { span: WholeSpan }): JSX.Element | null {
  const { dropped } = span
  const lost = (dropped?.attributes ?? 0) + (dropped?.events ?? 0) + (dropped?.links ?? 0)
  if (!span.orphan && !span.circular && !span.clipped && lost === 0) return null
  return (
    <p class="note">
      {span.orphan &&
        'Its parent was not received: the calling service has sent nothing yet, or the trace context was lost on the way. '}
      {span.circular &&
        'Its parent is the span itself or one of its descendants: the sender mixed up its ids. '}
      {span.clipped && 'A value was too long and was truncated. '}
      {lost > 0 &&
        `${plural(lost, 'attribute, event or link', 'attributes, events or links')} dropped by the sender.`}
    </p>
  )
}

function Repeated({ span, trace }: DetailsProps): JSX.Element | null {
  const group = trace.statements[span.sql?.group ?? -1]
  if (!group || group.count < 2) return null
  return (
    <p class="note">
      This trace runs it {count(group.count)} times, {duration(group.total)} in all.
    </p>
  )
}
