import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RangeParameters } from '../../src/contract/local-api.ts'
import type { Scatter } from '../../src/contract/trace-list.ts'
import { serviceColours } from '../api/service-colour.ts'
import { duration } from '../format/duration.ts'
import { plural } from '../format/number.ts'
import { timeOfDay } from '../format/time.ts'
import { notePlace } from '../navigation/entry.ts'
import { change, go, parameter } from '../navigation/route.ts'
import { replaceTerm } from '../query/terms.ts'
import { isDark } from '../ui/theme.ts'
import { drawScatter } from './draw-scatter.ts'
import { nearest, type Plot, plotOf, selectionOf } from './plot.ts'
import { TRACES_PLACE } from './use-active-row.ts'

interface ScatterPlotProps {
  readonly data: Scatter | undefined
  readonly range: RangeParameters
}

interface Drag {
  readonly x: number
  readonly y: number
}

/** Duration over time, a dot for each trace: drag to select, click a dot to open it. */
export function ScatterPlot({ data, range }: ScatterPlotProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = useSize(canvas)
  const [from, setFrom] = useState<Drag>()
  const [at, setAt] = useState<Drag>()
  const plot = plotOf(data, size, range)
  const hit = plot && data && at && !from ? nearest(plot, data, at.x, at.y) : -1
  const dark = isDark.value
  const colours = serviceColours.value
  useLayoutEffect(() => {
    if (canvas.current && plot && data) drawScatter(canvas.current, plot, data, hit)
  }, [data, size, hit, dark, colours])
  const place = (event: PointerEvent) => {
    const box = canvas.current?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }
  const release = (event: PointerEvent) => {
    const to = place(event)
    setFrom(undefined)
    if (!plot || !data || !from) return
    if (Math.hypot(to.x - from.x, to.y - from.y) > 6) select(plot, from, to)
    else {
      const clicked = data.ids[nearest(plot, data, to.x, to.y)]
      if (clicked !== undefined) open(clicked)
    }
  }
  return (
    <div class="scatter">
      <canvas
        ref={canvas}
        class={hit >= 0 ? 'on-dot' : ''}
        aria-label={`${plural(data?.ids.length ?? 0, 'trace')}, duration over time. The list below shows the same traces.`}
        onPointerDown={(event) => {
          canvas.current?.setPointerCapture(event.pointerId)
          setFrom(place(event))
        }}
        onPointerMove={(event) => setAt(place(event))}
        onPointerLeave={() => setAt(undefined)}
        onPointerUp={release}
      />
      {from && at && <Selection from={from} to={at} />}
      {hit >= 0 && data && at && <Tip data={data} index={hit} at={at} width={size.width} />}
    </div>
  )
}

function open(id: string): void {
  notePlace(TRACES_PLACE, { row: id })
  go(`/traces/${id}`)
}

function select(plot: Plot, from: Drag, to: Drag): void {
  const chosen = selectionOf(plot, from, to)
  const q = replaceTerm(
    replaceTerm(parameter('q'), 'trace.dur', ''),
    'trace.dur',
    `trace.dur>=${chosen.shortest}ms trace.dur<=${chosen.longest}ms`,
  )
  change({ q, from: chosen.from, to: chosen.to }, 'push')
}

function useSize(canvas: { current: HTMLCanvasElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (!canvas.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height })
    })
    observer.observe(canvas.current)
    return () => observer.disconnect()
  }, [])
  return size
}

function Selection({ from, to }: { from: Drag; to: Drag }): JSX.Element {
  return (
    <div
      class="selection"
      style={{
        left: `${Math.min(from.x, to.x)}px`,
        top: `${Math.min(from.y, to.y)}px`,
        width: `${Math.abs(to.x - from.x)}px`,
        height: `${Math.abs(to.y - from.y)}px`,
      }}
    />
  )
}

function Tip(props: { data: Scatter; index: number; at: Drag; width: number }): JSX.Element {
  const { data, index, at } = props
  const isRight = at.x > props.width / 2
  return (
    <div
      class="tip"
      style={{
        top: `${at.y + 12}px`,
        ...(isRight ? { right: `${props.width - at.x + 12}px` } : { left: `${at.x + 12}px` }),
      }}
    >
      <b>{data.name[index]}</b>
      <span>
        {data.services[data.service[index] ?? 0]} · {duration(data.duration[index] ?? 0)} ·{' '}
        {timeOfDay(data.start[index] ?? 0)}
      </span>
    </div>
  )
}
