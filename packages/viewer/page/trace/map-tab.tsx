import type { JSX } from 'preact'
import { useAnswer } from '../api/use-answer.ts'
import { LazyMapView } from '../map/lazy-map-view.ts'

/** Who called whom in this trace. */
export function MapTab({ id }: { id: string }): JSX.Element {
  const { value } = useAnswer('traces/{id}/map', { id })
  return value ? <LazyMapView map={value} isTrace /> : <div />
}
