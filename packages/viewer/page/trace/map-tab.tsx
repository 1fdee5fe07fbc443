import type { JSX } from 'preact'
import type { ServiceMap } from '../api/figures.ts'
import { useAnswer } from '../app/use-answer.ts'
import { MapView } from '../map/map-view.tsx'

/** Who called whom in this trace. */
export function MapTab({ id }: { id: string }): JSX.Element {
  const { value } = useAnswer<ServiceMap>(`traces/${id}/map`)
  return value ? <MapView map={value} isTrace /> : <div />
}
