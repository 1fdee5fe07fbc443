import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Layout } from './layout.ts'
import { spotsOf } from './walk-map.ts'

/** Scrolls a map that is larger than its place to the first caller, once: not to an empty corner. */
export function useFirstInSight(layout: Layout): { current: HTMLDivElement | null } {
  const canvas = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const box = canvas.current
    const [first] = spotsOf(layout)
    if (!box || !first) return
    box.scrollTop = first.y * (box.scrollHeight / layout.height) - box.clientHeight / 2
  }, [])
  return canvas
}
