import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Span, Trace } from '../../src/contract/trace.ts'
import { parameter } from '../navigation/route.ts'
import { areClocksCorrected } from './clocks.ts'
import { errorPath } from './error-path.ts'
import { type Find, type Found, findIn } from './find.ts'
import { hiddenServices } from './hidden-services.ts'
import { type Moves, movesOf } from './moves.ts'
import { visibleRows } from './visible-rows.ts'

/** The part of the trace that the timeline shows, in milliseconds from its start. */
export interface Part {
  readonly from: number
  readonly to: number
}

/** What is seen of a trace, and how; the chosen span, the search and what is left out live in the address. */
export interface TraceView {
  readonly trace: Signal<Trace>
  readonly collapsed: Signal<ReadonlySet<string>>
  readonly zoom: Signal<Part | undefined>
  readonly showCritical: Signal<boolean>
  readonly onlyMatches: Signal<boolean>
  readonly answered: Signal<Found | undefined>
  readonly positions: ReadonlySignal<ReadonlyMap<string, number>>
  /** The span whose subtree alone is shown. */
  readonly focused: ReadonlySignal<Span | undefined>
  readonly hidden: ReadonlySignal<ReadonlySet<string>>
  readonly rows: ReadonlySignal<readonly Span[]>
  readonly find: ReadonlySignal<Find>
  readonly withErrorBelow: ReadonlySignal<ReadonlySet<string>>
  /** From the first begin to the last end. */
  readonly whole: ReadonlySignal<Part>
  readonly part: ReadonlySignal<Part>
  readonly moved: ReadonlySignal<Moves>
  /** How wide the column of names is, in pixels; 0 until it has been measured. */
  readonly names: Signal<number>
}

/** The view of one trace; it lasts while newer versions of the trace come in. */
export function useTraceView(trace: Trace): TraceView {
  const view = useMemo(() => createView(trace), [trace.trace.id])
  if (view.trace.peek() !== trace) view.trace.value = trace
  return view
}

/** The span with this id. */
export function spanOf(view: TraceView, id: string | undefined): Span | undefined {
  const at = id === undefined ? undefined : view.positions.value.get(id)
  return at === undefined ? undefined : view.trace.value.spans[at]
}

function createView(first: Trace): TraceView {
  const trace = signal(first)
  const collapsed = signal<ReadonlySet<string>>(new Set())
  const zoom = signal<Part | undefined>(undefined)
  const onlyMatches = signal(false)
  const answered = signal<Found | undefined>(undefined)
  const positions = computed(() => new Map(trace.value.spans.map(({ id }, at) => [id, at])))
  const focusAt = computed(() => positions.value.get(parameter('focus')) ?? -1)
  const hidden = computed(hiddenServices)
  const find = computed(() =>
    findIn(trace.value, parameter('find').trim().toLowerCase(), answered.value),
  )
  const rows = computed(() =>
    visibleRows(trace.value.spans, {
      at: focusAt.value,
      collapsed: collapsed.value,
      hidden: hidden.value,
      only: onlyMatches.value && isDone(find.value) ? find.value.ids : undefined,
    }),
  )
  const focused = computed(() => trace.value.spans[focusAt.value])
  const moved = computed(() => movesOf(trace.value, areClocksCorrected()))
  const whole = computed(() => extent(trace.value.spans, moved.value))
  return {
    trace,
    collapsed,
    zoom,
    showCritical: signal(true),
    names: signal(0),
    onlyMatches,
    answered,
    positions,
    focused,
    hidden,
    rows,
    find,
    withErrorBelow: computed(() => errorPath(trace.value.spans)),
    whole,
    part: computed(() => {
      const span = focused.value
      return zoom.value ?? (span ? extent([span], moved.value) : whole.value)
    }),
    moved,
  }
}

function isDone({ text, isWaiting }: Find): boolean {
  return text !== '' && !isWaiting
}

/** Where these spans lie on the time axis, which is never of no length. */
function extent(spans: readonly Span[], moved: Moves): Part {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const { id, offset, duration } of spans) {
    const begin = offset + (moved.get(id) ?? 0)
    from = Math.min(from, begin)
    to = Math.max(to, begin + duration)
  }
  return spans.length === 0 ? { from: 0, to: 0.001 } : { from, to: Math.max(to, from + 0.001) }
}
