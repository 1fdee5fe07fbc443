import { batch } from '@preact/signals'
import { change } from '../navigation/route.ts'
import { hideServices } from './hidden-services.ts'
import { spanOf, type TraceView } from './view.ts'

/** Chooses a span, and brings back whatever hides it. */
export function chooseSpan(view: TraceView, id: string | undefined): void {
  batch(() => {
    if (id !== undefined) reveal(view, id)
    change({ span: id })
  })
}

/** Shows the subtree of a span alone, or the whole trace again. */
export function focusOn(view: TraceView, id: string | undefined): void {
  batch(() => {
    view.zoom.value = undefined
    change({ focus: id })
  })
}

/** Folds or unfolds a span's subtree. */
export function fold(view: TraceView, id: string, isFolded: boolean): void {
  const next = new Set(view.collapsed.peek())
  if (isFolded) next.add(id)
  else next.delete(id)
  view.collapsed.value = next
}

function reveal(view: TraceView, id: string): void {
  const open = new Set(view.collapsed.peek())
  const focus = view.focused.peek()?.id
  let isInFocus = focus === undefined || focus === id
  const seen = new Set<string>()
  for (let at = spanOf(view, id)?.parent; at !== undefined; at = spanOf(view, at)?.parent) {
    if (seen.has(at)) break
    seen.add(at)
    open.delete(at)
    if (at === focus) isInFocus = true
  }
  if (open.size !== view.collapsed.peek().size) view.collapsed.value = open
  if (!isInFocus) focusOn(view, undefined)
  const service = spanOf(view, id)?.service
  const hidden = view.hidden.peek()
  if (service !== undefined && hidden.has(service))
    hideServices([...hidden].filter((name) => name !== service))
}
