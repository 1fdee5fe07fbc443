import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { serviceColours } from '../api/service-colour.ts'
import { isDark } from '../ui/theme.ts'
import { drawMinimap } from './draw-minimap.ts'
import type { TraceView } from './view.ts'

/** The whole trace in small; drag over it to see a part of it. */
export function Minimap({ view }: { view: TraceView }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const start = useRef<number | undefined>(undefined)
  useDrawing(canvas, view)
  const share = (event: PointerEvent) => {
    const box = canvas.current?.getBoundingClientRect()
    const at = (event.clientX - (box?.left ?? 0)) / Math.max(1, box?.width ?? 1)
    return Math.min(1, Math.max(0, at))
  }
  const drag = (event: PointerEvent) => {
    if (start.current === undefined) return
    const { whole } = view
    const length = whole.value.to - whole.value.from
    const from = whole.value.from + Math.min(start.current, share(event)) * length
    const to = whole.value.from + Math.max(start.current, share(event)) * length
    view.zoom.value = to - from < length * 0.004 ? undefined : { from, to }
  }
  return (
    <div class="minimap">
      <canvas
        ref={canvas}
        aria-label="Overview of the trace: drag to zoom in, click to see all of it"
        onPointerDown={(event) => {
          canvas.current?.setPointerCapture(event.pointerId)
          start.current = share(event)
          view.zoom.value = undefined
        }}
        onPointerMove={drag}
        onPointerUp={(event) => {
          drag(event)
          start.current = undefined
        }}
      />
      <Shade view={view} />
    </div>
  )
}

/** Draws after the rows have been painted: the user waits for those. */
function useDrawing(canvas: { current: HTMLCanvasElement | null }, view: TraceView): void {
  const [width, setWidth] = useState(0)
  const dark = isDark.value
  const colours = serviceColours.value
  const trace = view.trace.value
  const moved = view.moved.value
  useEffect(() => {
    if (!canvas.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(canvas.current)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (width === 0) return
    const wait = setTimeout(() => {
      if (canvas.current) drawMinimap(canvas.current, width, view)
    })
    return () => clearTimeout(wait)
  }, [trace, width, dark, colours, moved])
}

function Shade({ view }: { view: TraceView }): JSX.Element | null {
  const { from, to } = view.part.value
  const whole = view.whole.value
  if (from <= whole.from && to >= whole.to) return null
  const share = (ms: number) => `${((ms - whole.from) / (whole.to - whole.from)) * 100}%`
  return (
    <>
      <i class="shade" style={{ left: '0', width: share(from) }} />
      <i class="shade" style={{ left: share(to), right: '0' }} />
    </>
  )
}
