import type { Scatter } from '../../src/contract/trace-list.ts'
import { canvasColour, cssVariable } from '../api/service-colour.ts'
import { roundDuration } from '../format/duration.ts'
import { tickTime } from '../format/time.ts'
import { margin, type Plot, xOf, yOf } from './plot.ts'
import { durationTicks, timeTicks } from './ticks.ts'

/** Draws the axes and the dots; an error is a cross, the dot under the pointer has a ring. */
export function drawScatter(
  canvas: HTMLCanvasElement,
  plot: Plot,
  data: Scatter,
  hit: number,
): void {
  const scale = devicePixelRatio || 1
  canvas.width = Math.round(plot.width * scale)
  canvas.height = Math.round(plot.height * scale)
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(scale, scale)
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`
  drawDurations(context, plot)
  drawTimes(context, plot)
  const colours = data.services.map(canvasColour)
  const bad = cssVariable('--bad')
  for (let i = data.ids.length - 1; i >= 0; i--) {
    const x = xOf(plot, data.start[i] ?? 0)
    const y = yOf(plot, data.duration[i] ?? 0)
    if (x < margin.left - 4) continue
    if ((data.errors[i] ?? 0) > 0) drawCross(context, x, y, bad)
    else drawDot(context, x, y, colours[data.service[i] ?? 0] ?? bad)
    if (i === hit) drawRing(context, x, y)
  }
}

function drawDurations(context: CanvasRenderingContext2D, plot: Plot): void {
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  for (const tick of durationTicks(plot)) {
    const y = Math.round(yOf(plot, tick)) + 0.5
    line(context, margin.left, y, plot.width - margin.right, y)
    context.fillStyle = cssVariable('--ink-3')
    context.fillText(roundDuration(tick), margin.left - 8, y)
  }
}

function drawTimes(context: CanvasRenderingContext2D, plot: Plot): void {
  const { times, step } = timeTicks(plot)
  const axis = plot.height - margin.bottom
  context.textAlign = 'center'
  context.textBaseline = 'bottom'
  for (const time of times) {
    const words = tickTime(time, step)
    const x = Math.round(xOf(plot, time)) + 0.5
    const half = context.measureText(words).width / 2
    line(context, x, axis, x, axis + 4)
    context.fillStyle = cssVariable('--ink-3')
    context.fillText(words, Math.min(x, plot.width - half), plot.height - 1)
  }
}

function line(
  context: CanvasRenderingContext2D,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  context.strokeStyle = cssVariable('--line')
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
}

function drawDot(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.globalAlpha = 0.72
  context.fillStyle = colour
  context.beginPath()
  context.arc(x, y, 3.5, 0, 2 * Math.PI)
  context.fill()
  context.globalAlpha = 1
}

function drawCross(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.strokeStyle = colour
  context.lineWidth = 2
  context.beginPath()
  context.moveTo(x - 3.5, y - 3.5)
  context.lineTo(x + 3.5, y + 3.5)
  context.moveTo(x + 3.5, y - 3.5)
  context.lineTo(x - 3.5, y + 3.5)
  context.stroke()
}

function drawRing(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.strokeStyle = cssVariable('--ink')
  context.lineWidth = 1.5
  context.beginPath()
  context.arc(x, y, 7, 0, 2 * Math.PI)
  context.stroke()
}
