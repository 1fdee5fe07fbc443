import { useMemo, useState } from 'preact/hooks'
import { useKeys } from '../navigation/keys.ts'
import type { Layout } from './layout.ts'
import { spotsOf } from './spots-of.ts'
import { focusSpot, mapKeys } from './walk-map.ts'

/** Walks the map by keys. `stop` is where Tab enters it: where the keys are, else what is chosen, else the first caller. */
export function useMapWalk(
  layout: Layout,
  chosen: string,
): { stop: string; setActive: (id: string) => void } {
  const [active, setActive] = useState('')
  const spots = useMemo(() => spotsOf(layout), [layout])
  const index = spots.findIndex(({ id }) => id === active)
  const walk = (to: number) => {
    const spot = spots[to]
    if (!spot) return
    setActive(spot.id)
    focusSpot(spot.id)
  }
  useKeys(useMemo(() => mapKeys(spots, index, walk), [spots, index]))
  const isThere = (wanted: string) => spots.some(({ id }) => id === wanted)
  const stop = [active, chosen].find(isThere) ?? spots[0]?.id ?? ''
  return { stop, setActive }
}
