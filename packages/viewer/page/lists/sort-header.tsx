import type { JSX } from 'preact'
import { change } from '../navigation/route.ts'

interface SortHeaderProps {
  readonly words: string
  /** What the address calls this column. */
  readonly name: string
  /** The column by which the list is sorted, and whether from the least up. */
  readonly sort: string
  readonly isUp: boolean
  /** The column that needs no word in the address. */
  readonly usual: string
}

/** The head of a column: sorts by it, the most first, and the other way round when pressed again. */
export function SortHeader({ words, name, sort, isUp, usual }: SortHeaderProps): JSX.Element {
  const isSorted = name === sort
  return (
    <button
      type="button"
      class={isSorted ? 'sorted' : ''}
      aria-label={`Sort by ${words}`}
      onClick={() =>
        change({
          sort: name === usual ? undefined : name,
          order: isSorted && !isUp ? 'asc' : undefined,
        })
      }
    >
      {words}
      {isSorted && <i aria-hidden="true">{isUp ? ' ↑' : ' ↓'}</i>}
    </button>
  )
}
