import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'

/** How to draw a list of which only the rows in sight are there. */
export interface WindowListProps {
  readonly count: number
  readonly rowHeight: number
  readonly label: string
  readonly render: (index: number) => ComponentChildren
  readonly keyOf: (index: number) => string | number
  /** The row to keep in sight. */
  readonly active?: number
  readonly onScroll?: (top: number) => void
  readonly onEnd?: () => void
  readonly class?: string
  /** The rows are items of a tree, and have a role of their own. */
  readonly isTree?: boolean
  /** A row with this `data-key` was clicked, or its `data-twisty`. */
  readonly onPick?: (key: string, isTwisty: boolean) => void
}

/** Rows that are drawn beyond those in sight, and how many come at a time when it is scrolled. */
const BEYOND = 12
const AT_A_TIME = 6
/** Rows out of sight that are kept at most. */
const MOST_KEPT = 1000

/** A list of rows of one height; however long, the page holds only those in sight. */
export function WindowList(props: WindowListProps): JSX.Element {
  const { count, rowHeight } = props
  const box = useRef<HTMLDivElement>(null)
  const { top, height, onScroll } = useScroll(box, props)
  useKeepInSight(box, props)
  const first = Math.max(0, Math.floor(top / rowHeight) - BEYOND)
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + AT_A_TIME + BEYOND)
  const rowAt = useRows(props)
  useEffect(() => {
    if (last >= count && count > 0) props.onEnd?.()
  }, [last, count])
  const rows = []
  for (let index = first; index < last; index++) rows.push(rowAt(index))
  return (
    <div ref={box} class={`window-list ${props.class ?? ''}`} onScroll={onScroll}>
      <ul
        role={props.isTree ? 'tree' : undefined}
        aria-label={props.label}
        style={{ height: `${count * rowHeight}px` }}
        onClick={(event) => pick(event, props)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') pick(event, props)
        }}
      >
        {rows}
      </ul>
    </div>
  )
}

/** Rows that were drawn stay as they are while the list is scrolled, until `render` is another. */
function useRows(props: WindowListProps): (index: number) => JSX.Element {
  const { render, rowHeight, keyOf, isTree } = props
  const drawn = useMemo(() => new Map<number, JSX.Element>(), [render])
  return (index) => {
    const known = drawn.get(index)
    if (known) return known
    if (drawn.size > MOST_KEPT) drawn.clear()
    const row = (
      <li
        key={keyOf(index)}
        role={isTree ? 'none' : undefined}
        style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
      >
        {render(index)}
      </li>
    )
    drawn.set(index, row)
    return row
  }
}

function useScroll(
  box: { current: HTMLDivElement | null },
  props: WindowListProps,
): { top: number; height: number; onScroll: () => void } {
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(800)
  useLayoutEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver((entries) => {
      setHeight(entries[0]?.contentRect.height ?? 0)
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  const onScroll = () => {
    const now = box.current?.scrollTop ?? 0
    const step = AT_A_TIME * props.rowHeight
    setTop(Math.floor(now / step) * step)
    props.onScroll?.(now)
  }
  return { top, height, onScroll }
}

function useKeepInSight(
  box: { current: HTMLDivElement | null },
  { active, rowHeight }: WindowListProps,
): void {
  useLayoutEffect(() => {
    const element = box.current
    if (!element || active === undefined || active < 0) return
    const from = active * rowHeight
    const to = from + rowHeight
    if (from < element.scrollTop) element.scrollTop = Math.max(0, from - rowHeight)
    else if (to > element.scrollTop + element.clientHeight)
      element.scrollTop = to - element.clientHeight + rowHeight
  }, [active, rowHeight])
}

function pick(event: Event, { onPick }: WindowListProps): void {
  if (!onPick || !(event.target instanceof Element)) return
  const key = event.target.closest<HTMLElement>('[data-key]')?.dataset.key
  if (key !== undefined) onPick(key, event.target.closest('[data-twisty]') !== null)
}
