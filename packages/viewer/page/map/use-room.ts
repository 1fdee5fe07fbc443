import { useLayoutEffect, useState } from 'preact/hooks'
import type { Room } from './layout.ts'

const UNKNOWN: Room = { width: 960, height: 640 }

/** How large the place of the map is, now and when it becomes another. */
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
