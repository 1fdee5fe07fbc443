import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isDark } from '../app/theme.ts'
import { canvasColour, cssVariable } from '../format/service-colour.ts'
import type { TraceView } from './view.ts'

const HEIGHT = 52

/** The whole trace in small; drag over it to see a part of it. */
export function Minimap({ view }: { view: TraceView }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const start = useRef<number | undefined>(undefined)
  const dark = isDark.value
  useEffect(() => {
    if (!canvas.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(canvas.current)
    return () => observer.disconnect()
  }, [])
  const trace = view.trace.value
  useLayoutEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, width, view)
  }, [trace, width, dark])
  const share = (event: PointerEvent) => {
    const box = canvas.current?.getBoundingClientRect()
    const at = (event.clientX - (box?.left ?? 0)) / Math.max(1, box?.width ?? 1)
    return Math.min(1, Math.max(0, at))
  }
  const drag = (event: PointerEvent) => {
    if (start.current === undefined) return
    const from = Math.min(start.current, share(event)) * view.length.value
    const to = Math.max(start.current, share(event)) * view.length.value
    view.zoom.value = to - from < view.length.value * 0.004 ? undefined : { from, to }
  }
  return (
    <div class="minimap">
      <canvas
        ref={canvas}
        aria-label="The whole trace in small: drag to see a part, click to see it all"
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

function Shade({ view }: { view: TraceView }): JSX.Element | null {
  const zoom = view.zoom.value
  if (!zoom) return null
  const share = (ms: number) => `${(ms / view.length.value) * 100}%`
  return (
    <>
      <i class="shade" style={{ left: '0', width: share(zoom.from) }} />
      <i class="shade" style={{ left: share(zoom.to), right: '0' }} />
    </>
  )
}

function draw(canvas: HTMLCanvasElement, width: number, view: TraceView): void {
  const scale = devicePixelRatio || 1
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(HEIGHT * scale)
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(scale, scale)
  const { spans } = view.trace.value
  const room = HEIGHT - 8
  const step = Math.min(5, room / Math.max(1, spans.length))
  const bad = cssVariable('--bad')
  const colours = new Map<string, string>()
  spans.forEach((span, index) => {
    const colour = colours.get(span.service) ?? canvasColour(span.service)
    colours.set(span.service, colour)
    context.fillStyle = colour
    const x = (span.offset / view.length.value) * width
    const w = Math.max(1, (span.duration / view.length.value) * width)
    context.fillRect(x, 4 + index * step, w, Math.max(0.7, step - 1))
    if (span.status !== 'error') return
    context.fillStyle = bad
    context.fillRect(x + w - 2, 4 + index * step, 4, Math.max(1.5, step - 1))
  })
}
