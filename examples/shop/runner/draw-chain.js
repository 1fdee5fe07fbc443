import { brokenSpans, rootsOf, slowSpan, spanOfTime } from './chain.js'
import { drawTable } from './draw-table.js'
import { statusStyle } from './paint.js'
import { rowsOf } from './rows.js'

/** @typedef {import('./spans.js').Span} Span */
/** @typedef {import('./paint.js').Paint} Paint */

/**
 * Draws a chain as a tree, one line a span: its service, its name, when it ran, how long, and what
 * came of it. The slow span and the failed one are marked and say their statement.
 * @param {Span[]} spans
 * @param {{ width: number, paint: Paint }} options width: columns of the terminal
 * @returns {string[]} lines, none wider than the terminal
 */
export function drawChain(spans, { width, paint }) {
  const time = spanOfTime(spans)
  const marks = { slow: slowSpan(spans), broken: new Set(brokenSpans(spans)) }
  return [
    heading(spans, { width, paint }),
    ...drawTable(rowsOf(spans, marks), { width, paint, time }),
  ]
}

/**
 * @param {Span[]} spans
 * @param {{ width: number, paint: Paint }} options
 */
function heading(spans, { width, paint }) {
  const [root] = rootsOf(spans)
  const status = Number(root?.attributes['http.response.status_code'] ?? 0)
  const who = [attribute(spans, 'tenant.id'), attribute(spans, 'user.id')].filter(Boolean)
  const name = root?.name ?? ''
  const left = `${name}  ${status || '---'}  ${who.join(' · ') || 'unknown caller'}`
  const trace = `trace ${root?.traceId}`
  const gap = width - left.length - trace.length
  const painted = [
    paint('bold', name),
    paint(statusStyle(status), String(status || '---')),
    who.join(' · ') || paint('dim', 'unknown caller'),
  ].join('  ')
  if (gap < 2)
    return `${painted}  ${paint('dim', trace.slice(0, Math.max(0, width - left.length - 2)))}`
  return painted + ' '.repeat(gap) + paint('dim', trace)
}

/** @param {Span[]} spans @param {string} key */
function attribute(spans, key) {
  return spans.find((span) => span.attributes[key])?.attributes[key]
}
