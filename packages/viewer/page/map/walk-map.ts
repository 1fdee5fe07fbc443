import type { KeyMap } from '../navigation/keys.ts'
import { walkKeys } from '../navigation/walk-keys.ts'
import type { Spot } from './spots-of.ts'

/** Keys of the map: the arrows go to what lies there, j and k through all of it. */
export function mapKeys(spots: readonly Spot[], at: number, walk: (to: number) => void): KeyMap {
  const here = spots[at]
  const to = (right: number, down: number) => () => {
    const next = here ? nearest(spots, here, { right, down }) : spots[0]
    if (next) walk(spots.indexOf(next))
  }
  return {
    ...walkKeys(spots.length, at, walk),
    ArrowRight: to(1, 0),
    ArrowLeft: to(-1, 0),
    ArrowDown: to(0, 1),
    ArrowUp: to(0, -1),
  }
}

/** What lies nearest in a direction; a sideways distance counts double. */
function nearest(
  spots: readonly Spot[],
  from: Spot,
  { right, down }: { right: number; down: number },
): Spot | undefined {
  let best: Spot | undefined
  let least = Number.POSITIVE_INFINITY
  for (const spot of spots) {
    const [x, y] = [spot.x - from.x, spot.y - from.y]
    const ahead = x * right + y * down
    const far = ahead + 2 * Math.abs(right === 0 ? x : y)
    if (ahead <= 1 || far >= least) continue
    best = spot
    least = far
  }
  return best
}

/** Moves the focus to something on the map, and the map with it. */
export function focusSpot(id: string): void {
  requestAnimationFrame(() => {
    document.querySelector<SVGElement>(`.map [data-key="${CSS.escape(id)}"]`)?.focus()
  })
}
