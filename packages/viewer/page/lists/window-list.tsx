import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { entry, notePlace, returns } from '../navigation/entry.ts'
import { type Box, onOwnScroll, useKeepInSight, useSize } from './list-box.ts'

/** How to draw a list of which only the rows in sight are there. */
export interface WindowListProps {
  readonly count: number
  readonly rowHeight: number
  readonly label: string
  readonly render: (index: number) => ComponentChildren
  readonly keyOf: (index: number) => string | number
  /** The name under which the list's position is remembered, for when the user comes back to it. */
  readonly place?: string
  /** The row to keep in sight. */
  readonly active?: number
  readonly onScroll?: (top: number) => void
  readonly onEnd?: () => void
  readonly class?: string
}

/** Rows that are drawn beyond those in sight, and how many come at a time when it is scrolled. */
const EXTRA_ROWS = 12
const ROWS_PER_STEP = 6
/** Rows out of sight that are kept at most. */
const MAX_KEPT_ROWS = 1000

/** A list of rows of one height; however long, the page holds only those in sight. */
export function WindowList(props: WindowListProps): JSX.Element {
  const { count, rowHeight, active } = props
  const box = useRef<HTMLDivElement>(null)
  const { top, height, onScroll } = useScroll(box, props)
  useKeepInSight(box, active, rowHeight)
  const first = Math.max(0, Math.floor(top / rowHeight) - EXTRA_ROWS)
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + ROWS_PER_STEP + EXTRA_ROWS)
  const rowAt = useRows(props)
  useEffect(() => {
    if (last >= count && count > 0) props.onEnd?.()
  }, [last, count])
  const rows = []
  for (let index = first; index < last; index++) rows.push(rowAt(index))
  return (
    <div ref={box} class={`window-list ${props.class ?? ''}`} onScroll={onScroll}>
      <ul class="window-rows" aria-label={props.label} style={{ height: `${count * rowHeight}px` }}>
        {rows}
      </ul>
    </div>
  )
}

/** Rows that were drawn stay as they are while the list is scrolled, until `render` changes. */
function useRows({ render, rowHeight, keyOf }: WindowListProps): (index: number) => JSX.Element {
  const drawn = useMemo(() => new Map<number, JSX.Element>(), [render])
  return (index) => {
    const known = drawn.get(index)
    if (known) return known
    if (drawn.size > MAX_KEPT_ROWS) drawn.clear()
    const row = (
      <li key={keyOf(index)} style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}>
        {render(index)}
      </li>
    )
    drawn.set(index, row)
    return row
  }
}

function useScroll(
  box: Box,
  props: WindowListProps,
): { top: number; height: number; onScroll: () => void } {
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(800)
  useSize(box, setHeight)
  const isReturning = useReturn(box, props)
  const onScroll = () => {
    const now = box.current?.scrollTop ?? 0
    if (props.place !== undefined && !isReturning()) notePlace(props.place, { top: now })
    const step = ROWS_PER_STEP * props.rowHeight
    setTop(Math.floor(now / step) * step)
    props.onScroll?.(now)
  }
  return { top, height, onScroll }
}

/** Scrolls the list to where it was left, as its rows come; it tells whether it is still on the way. */
function useReturn(box: Box, { place, count }: WindowListProps): () => boolean {
  const wanted = useRef<number>(undefined)
  const goOn = () => {
    if (wanted.current === undefined || !box.current) return
    box.current.scrollTop = wanted.current
    if (Math.abs(box.current.scrollTop - wanted.current) < 1) wanted.current = undefined
  }
  useLayoutEffect(() => {
    if (place === undefined) return
    wanted.current = entry().places[place]?.top
    goOn()
    return onOwnScroll(() => {
      wanted.current = undefined
    })
  }, [place, returns.value])
  useLayoutEffect(goOn, [count])
  return () => wanted.current !== undefined
}
