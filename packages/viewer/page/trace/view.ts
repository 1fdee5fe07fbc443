import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Span, Trace } from '../api/types.ts'
import { change, parameter } from '../app/route.ts'
import { matches } from './find.ts'

/** The part of the trace that the timeline shows, in milliseconds from its start. */
export interface Zoom {
  readonly from: number
  readonly to: number
}

/** What is seen of a trace, and how; the chosen span and the search live in the address. */
export interface TraceView {
  readonly trace: Signal<Trace>
  readonly collapsed: Signal<ReadonlySet<string>>
  readonly zoom: Signal<Zoom | undefined>
  readonly showCritical: Signal<boolean>
  readonly correctSkew: Signal<boolean>
  readonly onlyMatches: Signal<boolean>
  readonly rows: ReadonlySignal<readonly Span[]>
  readonly found: ReadonlySignal<ReadonlySet<string>>
  readonly length: ReadonlySignal<number>
  readonly moved: ReadonlySignal<ReadonlyMap<string, number>>
}

/** The view of one trace; it lasts while newer versions of the trace come in. */
export function useTraceView(trace: Trace): TraceView {
  const view = useMemo(() => createView(trace), [trace.trace.id])
  if (view.trace.peek() !== trace) view.trace.value = trace
  return view
}

function createView(first: Trace): TraceView {
  const trace = signal(first)
  const collapsed = signal<ReadonlySet<string>>(new Set())
  const onlyMatches = signal(false)
  const correctSkew = signal(false)
  const found = computed(() => {
    const text = parameter('find').toLowerCase()
    if (text === '') return new Set<string>()
    return new Set(trace.value.spans.filter((span) => matches(span, text)).map(({ id }) => id))
  })
  const rows = computed(() => {
    const { spans } = trace.value
    if (onlyMatches.value && found.value.size > 0)
      return spans.filter(({ id }) => found.value.has(id))
    return unfolded(spans, collapsed.value)
  })
  const length = computed(() =>
    trace.value.spans.reduce(
      (most, { offset, duration }) => Math.max(most, offset + duration),
      0.001,
    ),
  )
  const moved = computed(() => (correctSkew.value ? moves(trace.value) : new Map<string, number>()))
  const zoom = signal<Zoom | undefined>(undefined)
  const showCritical = signal(true)
  return {
    trace,
    collapsed,
    zoom,
    showCritical,
    correctSkew,
    onlyMatches,
    rows,
    found,
    length,
    moved,
  }
}

function unfolded(spans: readonly Span[], collapsed: ReadonlySet<string>): Span[] {
  const rows: Span[] = []
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i]
    if (!span) break
    rows.push(span)
    if (collapsed.has(span.id)) i += span.descendants
  }
  return rows
}

/** How far each span moves when clocks are corrected: whole subtrees, sums where they nest. */
function moves({ spans, skew }: Trace): Map<string, number> {
  const by = new Map(skew.map((each) => [each.span, each.by]))
  const moved = new Map<string, number>()
  for (let i = 0; i < spans.length; i++) {
    const shift = by.get(spans[i]?.id ?? '')
    if (shift === undefined) continue
    for (const span of spans.slice(i, i + 1 + (spans[i]?.descendants ?? 0)))
      moved.set(span.id, (moved.get(span.id) ?? 0) + shift)
  }
  return moved
}

/** Chooses a span, and unfolds whatever hides it. */
export function chooseSpan(view: TraceView, id: string | undefined): void {
  batch(() => {
    if (id !== undefined) reveal(view, id)
    change({ span: id })
  })
}

function reveal(view: TraceView, id: string): void {
  const { spans } = view.trace.peek()
  const byId = new Map(spans.map((span) => [span.id, span]))
  const open = new Set(view.collapsed.peek())
  for (let at = byId.get(id)?.parent; at !== undefined; at = byId.get(at)?.parent) {
    if (!byId.has(at)) break
    open.delete(at)
  }
  if (open.size !== view.collapsed.peek().size) view.collapsed.value = open
}

/** Folds or unfolds a span's subtree. */
export function fold(view: TraceView, id: string, isFolded: boolean): void {
  const next = new Set(view.collapsed.peek())
  if (isFolded) next.add(id)
  else next.delete(id)
  view.collapsed.value = next
}
