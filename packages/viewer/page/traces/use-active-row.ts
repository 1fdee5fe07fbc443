import { useEffect, useRef, useState } from 'preact/hooks'
import type { TraceSummary } from '../../src/contract/trace-list.ts'
import { focusRow } from '../lists/focus-row.ts'
import { entry, hasMoved, notePlace, returns } from '../navigation/entry.ts'

/** The list of traces among those of the page. */
export const TRACES_PLACE = 'traces'

/** A list that is scrolled no further than this follows what arrives, and does not stay at its row. */
export const MAX_TOP_PIXELS = 8

/** The row that the keys are at, or that was opened last; it is restored when the user comes back. */
export interface ActiveRow {
  readonly index: number
  readonly id: string
  /** Whether the list is to be scrolled along with it. */
  readonly isPinned: boolean
  readonly walk: (row: TraceSummary) => void
  readonly opened: (id: string) => void
}

/** Keeps the active row in the history. */
export function useActiveRow(list: readonly TraceSummary[]): ActiveRow {
  const { top = 0, row = '' } = entry().places[TRACES_PLACE] ?? {}
  const [id, setId] = useState(row)
  const [isPinned, setPinned] = useState(top >= MAX_TOP_PIXELS)
  const isAwaited = useRef(hasMoved())
  const index = list.findIndex((each) => each.id === id)
  useEffect(() => {
    if (returns.value > 0) setId(row)
  }, [returns.value])
  useEffect(() => {
    if (index < 0 || !isAwaited.current) return
    isAwaited.current = false
    if (document.activeElement === document.body) focusRow(id)
  }, [index < 0])
  const opened = (next: string) => {
    setId(next)
    notePlace(TRACES_PLACE, { row: next })
  }
  const walk = (next: TraceSummary) => {
    setPinned(true)
    isAwaited.current = false
    opened(next.id)
    focusRow(next.id)
  }
  return { index, id, isPinned, walk, opened }
}
