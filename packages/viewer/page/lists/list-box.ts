import { useLayoutEffect } from 'preact/hooks'

/** The box that a list is scrolled in. */
export type Box = { readonly current: HTMLElement | null }

/** Keeps the active row in sight, with one more beyond it. */
export function useKeepInSight(box: Box, active: number | undefined, rowHeight: number): void {
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

/** Calls with the height of the box, now and when it becomes another. */
export function useHeight(box: Box, onHeight: (height: number) => void): void {
  useLayoutEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver((entries) => onHeight(entries[0]?.contentRect.height ?? 0))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
}
