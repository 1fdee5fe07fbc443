import { useMemo, useRef } from 'preact/hooks'
import { useKeys } from './keys.ts'

/** How far a key moves the page, in pixels: about two lines of a table. */
const STEP_PIXELS = 72

/** Keys that scroll a screen of text; the page itself never scrolls, so browsers do not do it. */
export function useScrollKeys<T extends HTMLElement>(): { current: T | null } {
  const box = useRef<T>(null)
  useKeys(
    useMemo(() => {
      const by = (pixels: number) => () => box.current?.scrollBy({ top: pixels })
      const page = (sign: 1 | -1) => () =>
        box.current?.scrollBy({ top: sign * 0.9 * box.current.clientHeight })
      return {
        j: by(STEP_PIXELS),
        k: by(-STEP_PIXELS),
        ArrowDown: by(STEP_PIXELS),
        ArrowUp: by(-STEP_PIXELS),
        PageDown: page(1),
        PageUp: page(-1),
        Home: () => box.current?.scrollTo({ top: 0 }),
        End: () => box.current?.scrollTo({ top: box.current.scrollHeight }),
      }
    }, []),
  )
  return box
}
