import { useEffect, useRef } from 'preact/hooks'
import type { StreamEvents, StreamParameters } from '../../src/contract/stream.ts'
import { isConnected, stats } from './live.ts'
import { type Listeners, openStream } from './stream.ts'

/** Listens to the viewer while the component is there, and keeps its figures. */
export function useStream(parameters: StreamParameters, listeners: Listeners): void {
  const latest = useRef(listeners)
  latest.current = listeners
  const key = JSON.stringify(parameters)
  useEffect(() => {
    const all: Record<string, (data: never) => void> = {}
    for (const name of Object.keys(latest.current) as (keyof Listeners)[])
      all[name] = (data) => latest.current[name]?.(data)
    return openStream(JSON.parse(key) as StreamParameters, {
      ...all,
      hello: (data: StreamEvents['hello']) => {
        stats.value = data.stats
      },
      stats: (data: StreamEvents['stats']) => {
        stats.value = data
      },
      up: () => {
        isConnected.value = true
      },
      down: () => {
        isConnected.value = false
      },
    })
  }, [key])
}
