import { useLayoutEffect } from 'preact/hooks'
import type { Layout } from './layout.ts'
import { spotsOf } from './spots-of.ts'

/** Scrolls a map that is larger than its place to the first caller: not to an empty corner. */
export function useFirstInSight(
  canvas: { readonly current: HTMLElement | null },
  layout: Layout,
  scale: number,
): void {
  useLayoutEffect(() => {
    const box = canvas.current
    const [first] = spotsOf(layout)
    if (!box || !first) return
    box.scrollTop = first.y * scale - box.clientHeight / 2
    box.scrollLeft = first.x * scale - box.clientWidth / 2
  }, [layout.width, layout.height, scale])
}
