import { colourOf, statusStyle } from './paint.js'

/** @typedef {import('./rows.js').Row} Row */
/** @typedef {{ width: number, paint: import('./paint.js').Paint, time: { start: number, duration: number } }} Options */

const gap = '  '
const timeWidth = 7
const statusWidth = 3
const widestBar = 36
const narrowestBar = 8
const narrowestName = 24

/**
 * Draws rows as a table that fits the terminal.
 * @param {Row[]} rows
 * @param {Options} options
 * @returns {string[]}
 */
export function drawTable(rows, options) {
  const columns = layOut(rows, options.width)
  return rows.flatMap((row) => [
    drawRow(row, columns, options),
    ...row.notes.map((note) => drawNote(note, row, columns, options)),
  ])
}

/** @typedef {{ service: number, name: number, bar: number, mark: number }} Columns */

/**
 * @param {Row[]} rows
 * @param {number} width
 * @returns {Columns}
 */
function layOut(rows, width) {
  const service = widest(rows.map((row) => row.span.service))
  const mark = Math.min(widest(rows.map((row) => row.mark)), 16)
  const wanted = widest(rows.map((row) => row.lead + row.name))
  const fixed = service + timeWidth + statusWidth + gap.length * 3 + (mark && mark + gap.length)
  const free = width - fixed
  const bar = Math.min(widestBar, Math.max(free - wanted - gap.length, narrowestBar))
  if (free - bar - gap.length < Math.min(narrowestName, wanted))
    return { service, name: Math.max(free, 1), bar: 0, mark }
  return { service, name: Math.min(wanted, free - bar - gap.length), bar, mark }
}

/**
 * @param {Row} row
 * @param {Columns} columns
 * @param {Options} options
 */
function drawRow({ span, lead, name, mark, trouble }, columns, { paint, time }) {
  const colour = colourOf(span.service)
  const alarm = trouble === 'broken' ? 'red' : 'yellow'
  const title = cut(name, columns.name - lead.length)
  const status = String(span.attributes['http.response.status_code'] ?? '')
  const cells = [
    paint(colour, span.service.padEnd(columns.service)),
    paint('dim', lead) +
      (trouble ? paint(['bold', alarm], title) : title) +
      ' '.repeat(Math.max(0, columns.name - lead.length - title.length)),
    ...(columns.bar
      ? [drawBar(span, columns.bar, time, (bar) => paint(trouble ? alarm : colour, bar))]
      : []),
    durationText(span.end - span.start).padStart(timeWidth),
    paint(
      span.failed && !status ? 'red' : statusStyle(Number(status)),
      status.padStart(statusWidth),
    ),
    ...(mark ? [paint(['bold', alarm], cut(mark, columns.mark))] : []),
  ]
  return cells.join(gap).trimEnd()
}

/**
 * @param {string} note
 * @param {Row} row
 * @param {Columns} columns
 * @param {Options} options
 */
function drawNote(note, { below }, columns, { width, paint }) {
  const margin = ' '.repeat(columns.service + gap.length)
  const text = cut(note.replace(/\s+/g, ' '), width - margin.length - below.length)
  return `${margin}${paint('dim', below)}${paint('italic', text)}`
}

/**
 * @param {import('./spans.js').Span} span
 * @param {number} width
 * @param {{ start: number, duration: number }} time
 * @param {(bar: string) => string} colour
 */
function drawBar(span, width, time, colour) {
  const scale = width / Math.max(time.duration, 0.001)
  const from = Math.min(Math.floor((span.start - time.start) * scale), width - 1)
  const length = Math.min(Math.max(Math.round((span.end - span.start) * scale), 1), width - from)
  return ' '.repeat(from) + colour('━'.repeat(length)) + ' '.repeat(width - from - length)
}

/** @param {number} ms */
export function durationText(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`
}

/** @param {string} text @param {number} width */
function cut(text, width) {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
}

/** @param {string[]} texts */
function widest(texts) {
  return Math.max(0, ...texts.map((text) => text.length))
}
