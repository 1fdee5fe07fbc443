import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

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

const BEYOND = 12

/** A list of rows of one height; however long, the page holds only those in sight. */
export function WindowList(props: WindowListProps): JSX.Element {
  const { count, rowHeight } = props
  const box = useRef<HTMLDivElement>(null)
  const { top, height, onScroll } = useScroll(box, props)
  useKeepInSight(box, props)
  const first = Math.max(0, Math.floor(top / rowHeight) - BEYOND)
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + BEYOND)
  useEffect(() => {
    if (last >= count && count > 0) props.onEnd?.()
  }, [last, count])
  const rows = []
  for (let index = first; index < last; index++)
    rows.push(
      <li
        key={props.keyOf(index)}
        role={props.isTree ? 'none' : undefined}
        style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
      >
        {props.render(index)}
      </li>,
    )
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
    setTop(now)
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
