import { useLayoutEffect, useState } from 'preact/hooks'
import type { Room } from './layout.ts'

const UNKNOWN: Room = { width: 960, height: 640 }

/** The size of the map's place, now and when it changes. */
export function useRoom(canvas: { readonly current: HTMLElement | null }): Room {
  const [room, setRoom] = useState(UNKNOWN)
  useLayoutEffect(() => {
    const box = canvas.current
    if (!box) return
    const measure = () => setRoom({ width: box.clientWidth, height: box.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    return () => observer.disconnect()
  }, [])
  return room
}
