import type { JSX } from 'preact'
import { lazy } from '../ui/lazy.tsx'
import type { MapViewProps } from './map-view.tsx'

/** The map, with the layout that only it needs. */
export const LazyMapView: (props: MapViewProps) => JSX.Element = lazy(async () => {
  const { MapView } = await import('./map-view.tsx')
  return MapView
})
