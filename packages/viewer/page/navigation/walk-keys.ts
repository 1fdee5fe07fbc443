import type { KeyMap } from './keys.ts'

/** Keys that walk a list: j and k, the arrows, Home and End. `at` is -1 while no row is chosen. */
export function walkKeys(count: number, at: number, walk: (to: number) => void): KeyMap {
  const to = (next: number) => () => {
    if (count > 0) walk(Math.min(count - 1, Math.max(0, next)))
  }
  return {
    j: to(at + 1),
    k: to(at - 1),
    ArrowDown: to(at + 1),
    ArrowUp: to(at - 1),
    Home: to(0),
    End: to(count - 1),
  }
}
