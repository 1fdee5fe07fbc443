import type { JSX } from 'preact'
import type { LogLine } from '../../src/contract/logs.ts'
import { bodyText } from '../format/body-text.ts'
import { duration } from '../format/duration.ts'
import { dayAndTime, startTime } from '../format/time.ts'
import { link } from '../navigation/route.ts'
import { ServiceTag } from '../ui/service-tag.tsx'

interface LogRowProps {
  readonly line: LogLine
  readonly since: number | undefined
  readonly isActive: boolean
  /** Its fields are shown. */
  readonly isOpen: boolean
  /** Tab stops at this row; at the others it does not. */
  readonly isStop: boolean
  readonly onPick: (line: LogLine) => void
  readonly onFocus: (line: LogLine) => void
}

/** How the row of a line is found, to give it the focus. */
export function rowKey({ id }: LogLine): string {
  return `log-${id}`
}

/** The address of the span that wrote the line, in its trace; undefined when it is of none. */
export function pathToSpan(line: LogLine): string | undefined {
  return line.trace === undefined ? undefined : link(`/traces/${line.trace}`, { span: line.span })
}

/** The part of an id that differs from others; a 64-bit id begins with that many zeros. */
function beginOf(id: string): string {
  return id.replace(/^0{16}(?=.)/, '').slice(0, 8)
}

/** One log line: when, how grave, whose, what, and in which trace; within one, of which span. */
export function LogRow(props: LogRowProps): JSX.Element {
  const { line, since } = props
  const tabIndex = props.isStop ? 0 : -1
  const isOfTrace = since !== undefined
  const of = (isOfTrace ? line.span : line.trace) ?? ''
  const trace = of === '' ? undefined : pathToSpan(line)
  return (
    <div
      class={`row log-columns ${props.isActive ? 'active' : ''}`}
      onFocusIn={() => props.onFocus(line)}
    >
      <span class="quiet" title={dayAndTime(line.time)}>
        {since === undefined ? startTime(line.time) : `+${duration(line.time - since)}`}
      </span>
      <span class={`level ${line.level ?? ''}`}>{line.level ?? ''}</span>
      <ServiceTag name={line.service} />
      <button
        type="button"
        class="log-body"
        data-key={rowKey(line)}
        tabIndex={tabIndex}
        onClick={() => props.onPick(line)}
        aria-expanded={props.isOpen}
      >
        {bodyText(line.body)}
      </button>
      {trace === undefined ? (
        <span />
      ) : (
        <a href={trace} tabIndex={tabIndex} title={isOfTrace ? `Span ${of}` : `Trace ${of}`}>
          {beginOf(of)}
        </a>
      )}
    </div>
  )
}
