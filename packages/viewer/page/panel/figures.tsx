import type { JSX } from 'preact'
import type { Span } from '../../src/contract/trace.ts'
import { duration } from '../format/duration.ts'
import { networkGap } from '../format/network-gap.ts'
import { percent } from '../format/number.ts'

interface FiguresProps {
  readonly span: Span
  readonly parent: Span | undefined
  readonly total: number
}

/** How long the span took, and of what. */
export function Figures({ span, parent, total }: FiguresProps): JSX.Element {
  const gap = networkGap(span, parent)
  const { message } = span
  const figures: readonly (readonly [string, string, string])[] = [
    [
      'Duration',
      span.unknown?.includes('duration') ? 'unknown' : duration(span.duration),
      `${percent(span.duration / Math.max(total, 0.001))} of the trace`,
    ],
    ['Self', duration(span.self), 'no child running'],
    ['Critical', duration(span.critical), 'on the critical path'],
    [
      'Begins',
      span.unknown?.includes('start') ? 'unknown' : `+${duration(span.offset)}`,
      'after the trace',
    ],
  ]
  return (
    <>
      <dl class="figures">
        {figures.map(([title, value, words]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd title={words}>{value}</dd>
          </div>
        ))}
      </dl>
      {message?.waited !== undefined && (
        <p class="quiet">
          {message.count === undefined ? 'It' : 'The oldest message'} waited{' '}
          {duration(message.waited)} in <bdi>{message.queue ?? 'its queue'}</bdi>, from the end of
          the send
        </p>
      )}
      {gap && (
        <p class="quiet">
          Between the services: {duration(gap.before)} on the way here, {duration(gap.after)} on the
          way back
        </p>
      )}
    </>
  )
}
