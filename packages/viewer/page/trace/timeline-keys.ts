import type { Span } from '../api/types.ts'
import type { KeyMap } from '../app/keys.ts'
import { parameter } from '../app/route.ts'
import { focusRow } from '../lists/focus-row.ts'
import { chooseSpan, fold, type TraceView } from './view.ts'

/** What the keys do in the waterfall. */
export function timelineKeys(
  view: TraceView,
  search: { readonly current: HTMLInputElement | null },
): KeyMap {
  const walk = (by: number) => () => step(view, view.rows.value, () => true, by)
  const findNext = (by: number) => () =>
    step(view, view.trace.value.spans, ({ id }) => view.found.value.has(id), by)
  const errorNext = (by: number) => () =>
    step(view, view.trace.value.spans, ({ status }) => status === 'error', by)
  return {
    j: walk(1),
    ArrowDown: walk(1),
    k: walk(-1),
    ArrowUp: walk(-1),
    n: findNext(1),
    N: findNext(-1),
    e: errorNext(1),
    E: errorNext(-1),
    ArrowRight: () => fold(view, parameter('span'), false),
    ArrowLeft: () => foldOrClimb(view),
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

/** Chooses the next span, from the chosen one on, that fits; goes around at the end of a search. */
function step(
  view: TraceView,
  list: readonly Span[],
  fits: (span: Span) => boolean,
  by: number,
): void {
  const at = list.findIndex(({ id }) => id === parameter('span'))
  const ahead = at < 0 && by < 0 ? [...list] : by > 0 ? list.slice(at + 1) : list.slice(0, at)
  const around = by > 0 ? list.slice(0, at + 1) : list.slice(at)
  const isSearch = list === view.trace.value.spans
  const next = pick(ahead, fits, by) ?? (isSearch ? pick(around, fits, by) : undefined)
  if (next) choose(view, next.id)
}

function pick(list: readonly Span[], fits: (span: Span) => boolean, by: number): Span | undefined {
  return by > 0 ? list.find(fits) : list.findLast(fits)
}

function foldOrClimb(view: TraceView): void {
  const span = view.trace.value.spans.find(({ id }) => id === parameter('span'))
  if (!span) return
  if (span.descendants > 0 && !view.collapsed.value.has(span.id)) fold(view, span.id, true)
  else if (span.parent !== undefined && !span.orphan) choose(view, span.parent)
}

function choose(view: TraceView, id: string): void {
  chooseSpan(view, id)
  focusRow(id)
}
