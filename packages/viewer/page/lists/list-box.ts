import { useLayoutEffect } from 'preact/hooks'

/** The box that a list is scrolled in. */
export type Box = { readonly current: HTMLElement | null }

/** Milliseconds without a move after which a list that was scrolled smoothly rests for good. */
const REST_MILLIS = 500
/** The events of a user who scrolls. */
const USER_SCROLL_EVENTS = ['wheel', 'pointerdown', 'keydown', 'touchmove']

/** Calls back whenever the user may be scrolling: a list that moves by itself must stop then. */
export function onOwnScroll(call: () => void): () => void {
  for (const name of USER_SCROLL_EVENTS)
    addEventListener(name, call, { capture: true, passive: true })
  return () => {
    for (const name of USER_SCROLL_EVENTS) removeEventListener(name, call, { capture: true })
  }
}

/** Keeps the active row in sight, with one more beyond it. */
export function useKeepInSight(box: Box, active: number | undefined, rowHeight: number): void {
  useLayoutEffect(() => {
    const element = box.current
    if (!element || active === undefined || active < 0) return
    const from = active * rowHeight
    const to = from + rowHeight
    const keep = () => {
      if (from < element.scrollTop) element.scrollTop = Math.max(0, from - rowHeight)
      else if (to > element.scrollTop + element.clientHeight)
        element.scrollTop = to - element.clientHeight + rowHeight
    }
    keep()
    return untilRest(element, keep)
  }, [active, rowHeight])
}

/**
 * Repeats it while the list is still on its way: what a key or the wheel began to scroll smoothly,
 * browsers finish from wherever the list was put meanwhile.
 */
function untilRest(element: HTMLElement, keep: () => void): () => void {
  const end = () => {
    clearTimeout(rest)
    element.removeEventListener('scroll', onScroll, { capture: true })
    stopListening()
  }
  const onScroll = () => {
    keep()
    clearTimeout(rest)
    rest = setTimeout(end, REST_MILLIS)
  }
  let rest = setTimeout(end, REST_MILLIS)
  // Before the list draws its rows: one that is to stay in sight must not lose its focus.
  element.addEventListener('scroll', onScroll, { capture: true, passive: true })
  const stopListening = onOwnScroll(end)
  return end
}

/** Calls back with the height of an element, now and when its size changes. */
export function useSize(box: Box, onSize: (height: number) => void): void {
  useLayoutEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver((entries) => onSize(entries[0]?.contentRect.height ?? 0))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
}
