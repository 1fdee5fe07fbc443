import type { JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { ServiceMap } from '../../src/contract/figures.ts'
import { useKeys } from '../navigation/keys.ts'
import { change, parameter } from '../navigation/route.ts'
import { ToggleButton } from '../ui/toggle-button.tsx'
import { neighbours, partOf } from './focus-map.ts'
import { fitOf, MIN_SCALE } from './layout.ts'
import { MapDrawing } from './map-drawing.tsx'
import { MapSide } from './map-side.tsx'
import { useFirstInSight } from './use-first-in-sight.ts'
import { useLayout } from './use-layout.ts'
import { useMapWalk } from './use-map-walk.ts'
import { useRoom } from './use-room.ts'
import { focusSpot } from './walk-map.ts'

/** What the map shows. */
export interface MapViewProps {
  readonly map: ServiceMap
  readonly isTrace?: boolean
}

/** The map with the figures of what was chosen next to it; the address says what that is. */
export function MapView({ map: whole, isTrace = false }: MapViewProps): JSX.Element {
  const chosen = parameter('node')
  const isFocused = parameter('near') !== '' && chosen !== ''
  const map = useMemo(() => (isFocused ? partOf(whole, chosen) : whole), [whole, isFocused, chosen])
  const canvas = useRef<HTMLDivElement>(null)
  const room = useRoom(canvas)
  const layout = useLayout(map, room)
  const [isWhole, setWhole] = useState(false)
  const fit = fitOf(layout, room)
  const scale = isWhole ? fit : Math.max(MIN_SCALE, fit)
  const near = useMemo(() => neighbours(map, chosen), [map, chosen])
  const { stop, setActive } = useMapWalk(layout, chosen)
  useFirstInSight(canvas, layout, scale)
  const pick = (id: string) => change({ node: id === chosen ? undefined : id, near: undefined })
  useKeys(useLeaving(chosen))
  return (
    <div class="map">
      <div class="map-place">
        <div class="map-canvas" ref={canvas}>
          <MapDrawing
            layout={layout}
            scale={scale}
            chosen={chosen}
            isTrace={isTrace}
            stop={stop}
            isNear={near}
            onFocus={setActive}
            onPick={pick}
          />
        </div>
        {fit < MIN_SCALE && (
          <ToggleButton isOn={isWhole} onToggle={() => setWhole(!isWhole)}>
            Show all of it
          </ToggleButton>
        )}
      </div>
      <MapSide
        map={map}
        chosen={chosen}
        isFocused={isFocused}
        onPick={(id) => {
          pick(id)
          focusSpot(id)
        }}
        isTrace={isTrace}
      />
    </div>
  )
}

/** Escape lets go of what is chosen; with nothing chosen it is left to the screen. */
function useLeaving(chosen: string): Record<string, () => void> {
  return useMemo(() => {
    if (chosen === '') return {} as Record<string, () => void>
    return { Escape: () => change({ node: undefined, near: undefined }) }
  }, [chosen])
}
