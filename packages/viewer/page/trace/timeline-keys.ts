import type { Span } from '../../src/contract/trace.ts'
import { focusRow } from '../lists/focus-row.ts'
import type { KeyMap } from '../navigation/keys.ts'
import { parameter } from '../navigation/route.ts'
import { chooseSpan, focusOn, fold } from './choose.ts'
import { spanOf, type TraceView } from './view.ts'

/** What the keys do in the waterfall. */
export function timelineKeys(
  view: TraceView,
  search: { readonly current: HTMLInputElement | null },
): KeyMap {
  const walk = (by: number) => () => walkRows(view, by)
  const errorNext = (by: 1 | -1) => () => seek(view, errorsOf(view), by)
  return {
    j: walk(1),
    ArrowDown: walk(1),
    k: walk(-1),
    ArrowUp: walk(-1),
    Home: walk(Number.NEGATIVE_INFINITY),
    End: walk(Number.POSITIVE_INFINITY),
    n: () => seek(view, view.find.value.spans, 1),
    N: () => seek(view, view.find.value.spans, -1),
    e: errorNext(1),
    E: errorNext(-1),
    ArrowRight: () => fold(view, parameter('span'), false),
    ArrowLeft: () => foldOrClimb(view),
    f: () => toggleFocus(view),
    '/': () => search.current?.focus(),
    '[': () => {
      view.collapsed.value = new Set(
        view.trace.value.spans
          .filter(({ depth, descendants }) => depth > 0 && descendants > 0)
          .map(({ id }) => id),
      )
    },
    ']': () => {
      view.collapsed.value = new Set()
    },
    c: () => {
      view.showCritical.value = !view.showCritical.value
    },
    z: () => {
      view.zoom.value = undefined
    },
  }
}

function errorsOf(view: TraceView): Span[] {
  return view.trace.value.spans.filter(({ status }) => status === 'error')
}

/** Chooses the row this many further on; the first or the last one at the ends. */
function walkRows(view: TraceView, by: number): void {
  const rows = view.rows.value
  const at = rows.findIndex(({ id }) => id === parameter('span'))
  const wanted = at < 0 && by === -1 ? rows.length - 1 : at + by
  const next = rows[Math.min(rows.length - 1, Math.max(0, wanted))]
  if (next) choose(view, next.id)
}

/** Chooses the next match, or the one before; the focus stays where it is. */
export function stepToMatch(view: TraceView, by: 1 | -1): void {
  const next = nextOf(view, view.find.value.spans, by)
  if (next) chooseSpan(view, next.id)
}

function seek(view: TraceView, list: readonly Span[], by: 1 | -1): void {
  const next = nextOf(view, list, by)
  if (next) choose(view, next.id)
}

/** The next of these spans after the chosen one, or before it; around at the end. */
function nextOf(view: TraceView, list: readonly Span[], by: 1 | -1): Span | undefined {
  const place = (span: Span | undefined) => view.positions.value.get(span?.id ?? '') ?? -1
  const here = place(spanOf(view, parameter('span')))
  return by > 0
    ? (list.find((span) => place(span) > here) ?? list[0])
    : (list.findLast((span) => place(span) < here) ?? list.at(-1))
}

function foldOrClimb(view: TraceView): void {
  const span = spanOf(view, parameter('span'))
  if (!span) return
  if (span.descendants > 0 && !view.collapsed.value.has(span.id)) fold(view, span.id, true)
  else {
    const parent = shownAbove(view, span)
    if (parent) choose(view, parent.id)
  }
}

/** The nearest span above this one that has a row. */
function shownAbove(view: TraceView, span: Span): Span | undefined {
  const rows = view.rows.value
  const at = rows.indexOf(span)
  return rows.slice(0, Math.max(0, at)).findLast(({ depth }) => depth < span.depth)
}

function toggleFocus(view: TraceView): void {
  const chosen = parameter('span')
  const isThere = view.focused.value?.id === chosen || chosen === ''
  focusOn(view, isThere ? undefined : chosen)
}

function choose(view: TraceView, id: string): void {
  chooseSpan(view, id)
  focusRow(id)
}
