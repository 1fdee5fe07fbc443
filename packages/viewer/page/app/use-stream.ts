import { useEffect, useRef } from 'preact/hooks'
import type { Parameters } from '../api/client.ts'
import type { Stats } from '../api/received.ts'
import { type Listeners, openStream } from '../api/stream.ts'
import { isConnected, stats } from './live.ts'

/** Listens to the viewer while the component is there, and keeps its figures. */
export function useStream(parameters: Parameters, listeners: Listeners): void {
  const latest = useRef(listeners)
  latest.current = listeners
  const key = JSON.stringify(parameters)
  useEffect(() => {
    const all: Listeners = {
      hello: (data) => {
        stats.value = (data as { stats: Stats }).stats
      },
      stats: (data) => {
        stats.value = data as Stats
      },
      up: () => {
        isConnected.value = true
      },
      down: () => {
        isConnected.value = false
      },
    }
    for (const name of Object.keys(latest.current))
      all[name] = (data) => latest.current[name]?.(data)
    return openStream(JSON.parse(key) as Parameters, all)
  }, [key])
}
