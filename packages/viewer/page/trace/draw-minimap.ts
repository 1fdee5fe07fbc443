import type { Span } from '../../src/contract/trace.ts'
import { canvasColour, cssVariable } from '../api/service-colour.ts'
import type { TraceView } from './view.ts'

const HEIGHT = 52
const PAD = 4

/** Draws every span as a line; where there are more than there is room for, one of equal ones. */
export function drawMinimap(canvas: HTMLCanvasElement, width: number, view: TraceView): void {
  const scale = devicePixelRatio || 1
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(HEIGHT * scale)
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(scale, scale)
  const { spans } = view.trace.value
  const step = Math.min(5, (HEIGHT - 2 * PAD) / Math.max(1, spans.length))
  const { from, to } = view.whole.value
  const pixels = width / (to - from)
  const begin = ({ id, offset }: Span) => (offset + (view.moved.value.get(id) ?? 0) - from) * pixels
  const place = placer(begin, pixels, step)
  for (const { name } of view.trace.value.trace.services) {
    context.fillStyle = canvasColour(name)
    for (let at = 0; at < spans.length; at++) {
      const span = spans[at]
      const box = span?.service === name ? place(span, at) : undefined
      if (box) context.fillRect(box.x, box.y, box.width, Math.max(0.7, step - 1))
    }
  }
  context.fillStyle = cssVariable('--bad')
  for (const [at, span] of spans.entries()) {
    if (span.status !== 'error') continue
    const end = begin(span) + span.duration * pixels
    context.fillRect(end - 2, PAD + at * step, 4, Math.max(1.5, step - 1))
  }
}

/** Where a span's line lies; undefined when the same pixels were drawn just before. */
function placer(
  begin: (span: Span) => number,
  pixels: number,
  step: number,
): (span: Span, at: number) => { x: number; y: number; width: number } | undefined {
  let last = ''
  return (span, at) => {
    const x = begin(span)
    const width = Math.max(1, span.duration * pixels)
    const y = PAD + at * step
    const key = `${Math.round(x)} ${Math.round(width)} ${Math.round(y * 2)} ${span.service}`
    if (key === last) return undefined
    last = key
    return { x, y, width }
  }
}
