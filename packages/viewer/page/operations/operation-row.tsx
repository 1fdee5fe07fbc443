import type { JSX } from 'preact'
import type { Operation } from '../../src/contract/figures.ts'
import { duration } from '../format/duration.ts'
import { count, percent, plural, rate, short } from '../format/number.ts'
import { link, parameter } from '../navigation/route.ts'
import { Icon } from '../ui/icons.tsx'
import { ServiceTag } from '../ui/service-tag.tsx'

interface OperationRowProps {
  readonly operation: Operation
  readonly slowest: number
  readonly id: string
  readonly isActive: boolean
  /** Tab stops at the links of this row; at those of the others it does not. */
  readonly isStop: boolean
}

/** The address of an operation's traces, in the range of time that is shown. */
export function tracesOf(operation: Operation): string {
  const range = { from: parameter('from'), to: parameter('to') }
  return link('/traces', { q: operation.q, ...range, sort: 'duration' })
}

/** One operation: its figures, and links to its traces and to the slowest. */
export function OperationRow(props: OperationRowProps): JSX.Element {
  const { operation } = props
  const tabIndex = props.isStop ? 0 : -1
  return (
    <div class={`row operation-columns ${props.isActive ? 'active' : ''}`}>
      <ServiceTag name={operation.service} />
      <a
        class="operation-name"
        href={tracesOf(operation)}
        tabIndex={tabIndex}
        data-key={props.id}
        aria-current={props.isActive ? 'true' : undefined}
      >
        {operation.type === 'db' && <Icon name="database" />}
        <b title={operation.name}>{operation.name}</b>
        <small class="quiet">{operation.kind}</small>
      </a>
      <Figures operation={operation} slowest={props.slowest} />
      <a
        class="figure"
        title="The slowest"
        tabIndex={tabIndex}
        href={link(`/traces/${operation.slowest.trace}`, { span: operation.slowest.span })}
      >
        {duration(operation.max)}
      </a>
      <span class="figure">{duration(operation.total)}</span>
      <Sparkline buckets={operation.buckets} />
    </div>
  )
}

function Figures({ operation, slowest }: { operation: Operation; slowest: number }): JSX.Element {
  return (
    <>
      <span class="figure">{count(operation.count)}</span>
      <span class="figure">{rate(operation.rate)}</span>
      <Errors operation={operation} />
      <span class="figure">{duration(operation.p50)}</span>
      <span class="length">
        <i class="track">
          <i class="accent" style={{ width: `${(operation.p95 / slowest) * 100}%` }} />
        </i>
        <span>{duration(operation.p95)}</span>
      </span>
      <span class="figure">{duration(operation.p99)}</span>
    </>
  )
}

/** Red where errors began; where they were only passed on, they are quiet. */
function Errors({ operation }: { operation: Operation }): JSX.Element {
  const { errors, origins, errorRate } = operation
  return (
    <span
      class={`figure errors ${origins > 0 ? 'bad' : errors > 0 ? '' : 'none'}`}
      title={`${plural(errors, 'error')}, ${count(origins)} of them began here`}
    >
      {percent(errorRate)}
      {origins > 0 && <small>{short(origins)} began</small>}
    </span>
  )
}

function Sparkline({ buckets }: { buckets: readonly number[] }): JSX.Element {
  const most = Math.max(1, ...buckets)
  const width = 96 / Math.max(1, buckets.length)
  return (
    <svg class="sparkline" viewBox="0 0 96 20" aria-hidden="true">
      {buckets.map((each, index) => {
        const height = each === 0 ? 1 : Math.max(2, (each / most) * 20)
        const x = index * width
        return <rect key={x} x={x} y={20 - height} width={width - 1.5} height={height} rx="1" />
      })}
    </svg>
  )
}
