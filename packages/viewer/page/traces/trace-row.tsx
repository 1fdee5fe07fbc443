import type { JSX } from 'preact'
import type { TraceSummary } from '../../src/contract/trace-list.ts'
import { serviceColour } from '../api/service-colour.ts'
import { duration } from '../format/duration.ts'
import { count, plural } from '../format/number.ts'
import { dayAndTime, startTime } from '../format/time.ts'
import { ServiceTag } from '../ui/service-tag.tsx'

interface TraceRowProps {
  readonly trace: TraceSummary
  readonly longest: number
  readonly isActive: boolean
}

/** One trace: when, what, for whom, how long, and what to look at. */
export function TraceRow({ trace, longest, isActive }: TraceRowProps): JSX.Element {
  return (
    <a
      href={`/traces/${trace.id}`}
      class={`row trace-columns ${isActive ? 'active' : ''} ${trace.errors > 0 ? 'has-error' : ''}`}
      data-key={trace.id}
      aria-current={isActive ? 'true' : undefined}
    >
      <span class="quiet" title={dayAndTime(trace.start)}>
        {startTime(trace.start)}
      </span>
      <Name trace={trace} />
      <span class="who">
        {trace.tenants[0] !== undefined && (
          <span class="tag tenant">{trace.tenants.join(', ')}</span>
        )}
        {trace.users[0] !== undefined && <span class="tag user">{trace.users.join(', ')}</span>}
      </span>
      <span class="length">
        <i class="track">
          <i
            style={{
              width: `${Math.max(1, (trace.duration / longest) * 100)}%`,
              background: serviceColour(trace.root.service),
            }}
          />
        </i>
        <span>{duration(trace.duration)}</span>
      </span>
      <span class="figure">{count(trace.spans)}</span>
      <span class={`figure ${trace.errors > 0 ? 'bad' : 'none'}`}>{count(trace.errors)}</span>
      <span class="figure">
        {trace.repeated > 0 && (
          <span class="tag warn" title={`The same statement ran ${count(trace.repeated)} times`}>
            N+1
          </span>
        )}
        <span class={trace.statements > 0 ? '' : 'none'}>{count(trace.statements)}</span>
      </span>
      <span class="services">
        {inOrder(trace).map((name) => (
          <ServiceTag key={name} name={name} />
        ))}
      </span>
    </a>
  )
}

/** What it is called, and below that what happened. */
function Name({ trace }: { trace: TraceSummary }): JSX.Element {
  const { root, headline } = trace
  return (
    <span class="trace-cell">
      <span class="trace-name">
        <ServiceTag name={root.service} />
        <b title={root.name}>{root.name}</b>
        {trace.httpStatus !== undefined && <Status code={trace.httpStatus} />}
        <Incomplete trace={trace} />
      </span>
      {isTelling(trace) && (
        <small class={`headline ${headline.kind}`} title={headline.text}>
          {headline.text}
        </small>
      )}
    </span>
  )
}

/** Whether the sentence says what the figures of the row do not. */
function isTelling({ headline }: TraceSummary): boolean {
  return headline.kind !== 'usual' && headline.kind !== 'incomplete'
}

/** The root's service first, the others by name: the same in every row. */
function inOrder({ root, services }: TraceSummary): string[] {
  const others = services.map(({ name }) => name).filter((name) => name !== root.service)
  return [root.service, ...others.sort((a, b) => a.localeCompare(b))]
}

function Status({ code }: { code: number }): JSX.Element {
  return <span class={`status ${code >= 500 ? 'bad' : code >= 400 ? 'warn' : ''}`}>{code}</span>
}

function Incomplete({ trace }: { trace: TraceSummary }): JSX.Element | null {
  const reasons = [
    trace.rootMissing && 'root span not received',
    trace.orphans > 0 && `${plural(trace.orphans, 'span')} without a parent`,
    trace.late && 'earlier spans evicted',
    trace.unkept > 0 && `${plural(trace.unkept, 'span')} over the limit`,
  ].filter((reason) => reason !== false)
  if (reasons.length === 0) return null
  return (
    <span class="tag" title={reasons.join('; ')}>
      incomplete
    </span>
  )
}
