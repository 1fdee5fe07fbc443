import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { type Box, useKeepInSight, useSize } from './list-box.ts'
import { createRowPool, type RowPool } from './row-pool.ts'

/** How to draw a long tree whose rows are updated directly. */
export interface PooledListProps<Row> {
  readonly count: number
  readonly rowHeight: number
  readonly label: string
  /** What stands over all rows, as high as the list, and stays where it is while they are scrolled. */
  readonly overlay: ComponentChildren
  readonly make: () => Row
  /** Makes a row show what is at this index; all are filled again whenever the list is rendered. */
  readonly fill: (row: Row, index: number) => void
  /** The row to keep in sight. */
  readonly active: number
  /** A row with this `data-key` was clicked, or its `data-twisty`. */
  readonly onPick: (key: string, isTwisty: boolean) => void
}

/** Rows that are there beyond those in sight. */
const EXTRA_ROWS = 6
/** Milliseconds after which a list has come to rest. */
const REST_MILLIS = 150

/**
 * A tree of rows of one height, as long as a trace is: the few rows that are there are used again and
 * again while it is scrolled, so that no frame is lost with making them.
 */
export function PooledList<Row extends { readonly element: HTMLElement }>(
  props: PooledListProps<Row>,
): JSX.Element {
  const { count, rowHeight, active, label } = props
  const box = useRef<HTMLDivElement>(null)
  const onScroll = usePool(box, props)
  useKeepInSight(box, active, rowHeight)
  return (
    <div class="pooled-list">
      <div ref={box} class="window-list" tabIndex={-1} onScroll={onScroll}>
        <div
          class="window-rows"
          style={{ height: `${count * rowHeight}px` }}
          role="tree"
          aria-label={label}
          onClick={(event) => pick(event, props)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') pick(event, props)
          }}
        />
      </div>
      {props.overlay}
    </div>
  )
}

/** Fills the list: again when it is rendered, and what comes into sight when it is scrolled. */
function usePool<Row extends { readonly element: HTMLElement }>(
  box: Box,
  props: PooledListProps<Row>,
): () => void {
  const latest = useRef(props)
  latest.current = props
  const pool = useRef<RowPool<Row>>(undefined)
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  const show = (isAnew: boolean) => {
    const { count, rowHeight, fill } = latest.current
    if (!box.current) return
    const { scrollTop, clientHeight } = box.current
    const size = Math.min(count, Math.ceil(clientHeight / rowHeight) + 1 + 2 * EXTRA_ROWS)
    const wanted = Math.floor(scrollTop / rowHeight) - EXTRA_ROWS
    const first = Math.max(0, Math.min(wanted, count - size))
    pool.current?.show({ first, size }, fill, isAnew)
    clearTimeout(rest.current)
    rest.current = setTimeout(() => pool.current?.order(), REST_MILLIS)
  }
  useLayoutEffect(() => {
    const list = box.current?.querySelector('[role="tree"]')
    if (list instanceof HTMLElement) pool.current = createRowPool(list, props.rowHeight, props.make)
    return () => clearTimeout(rest.current)
  }, [])
  useLayoutEffect(() => show(true))
  const onMove = useMemo(() => () => show(false), [])
  useSize(box, onMove)
  return onMove
}

function pick<Row>(event: Event, { onPick }: PooledListProps<Row>): void {
  if (!(event.target instanceof Element)) return
  const key = event.target.closest<HTMLElement>('[data-key]')?.dataset.key
  if (key !== undefined) onPick(key, event.target.closest('[data-twisty]') !== null)
}
