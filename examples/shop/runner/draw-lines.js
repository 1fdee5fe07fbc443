import { colourOf } from './paint.js'

/** @typedef {import('./log-book.js').LogLine} LogLine */
/** @typedef {import('./paint.js').Style} Style */

/** @type {Record<number, [string, Style]>} by pino's number for it */
const levels = { 30: ['info', 'green'], 40: ['warn', 'yellow'], 50: ['error', 'red'] }

// The drawing of the chain above says these already.
const known = /^(level|time|service|msg|reqId|trace_id|span_id|trace_flags|tenant_id|user_id|err)$/

/**
 * Draws log lines, one each: when, which service, how grave, what it says.
 * @param {LogLine[]} lines
 * @param {{ width: number, paint: import('./paint.js').Paint }} options width: columns of the terminal
 * @returns {string[]} none wider than the terminal
 */
export function drawLines(lines, { width, paint }) {
  const widest = Math.max(0, ...lines.map((line) => line.service.length))
  return lines.map((line) => {
    const [level, style] = levels[line.level] ?? [String(line.level), 'white']
    const time = line.time.slice(11, 23)
    const start = [time, line.service.padEnd(widest), level.padEnd(5), line.msg].join('  ')
    if (start.length > width) return start.slice(0, width)
    const rest = fieldsOf(line).slice(0, Math.max(0, width - start.length - 2))
    return [
      paint('dim', time),
      paint(colourOf(line.service), line.service.padEnd(widest)),
      paint(style, level.padEnd(5)),
      line.msg + (rest && `  ${paint('dim', rest)}`),
    ].join('  ')
  })
}

/** @param {LogLine} line */
function fieldsOf(line) {
  return Object.entries(line)
    .filter(([name]) => !known.test(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}
