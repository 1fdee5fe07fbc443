import { useEffect } from 'preact/hooks'
import { focusRow } from '../lists/focus-row.ts'
import { hasMoved } from '../navigation/entry.ts'
import { parameter } from '../navigation/route.ts'
import type { TraceView } from './view.ts'

/** Moves the focus into a trace that was opened from another screen: to the chosen row, or the first. */
export function useFocusOnOpen(view: TraceView): void {
  useEffect(() => {
    if (!hasMoved() || document.activeElement !== document.body) return
    const tab = parameter('tab')
    if (tab !== '') document.getElementById(`tab-${tab}`)?.focus({ preventScroll: true })
    else focusRow(parameter('span') || (view.rows.peek()[0]?.id ?? ''))
  }, [view])
}
