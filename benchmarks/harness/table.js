import { frameworks, variants } from './variants.js'

const headings = [
  'variant',
  'µs a request',
  'added µs',
  'lowest to highest',
  '× no tracing',
  'added, × minimum',
]

/** The results of each framework and mode as a Markdown table under its heading. */
export function table(summary) {
  return sections(summary)
    .map(({ framework, mode }) => section(summary, framework, mode))
    .join('\n\n')
}

function sections(summary) {
  const traced = summary.filter(({ variant }) => variant !== 'none')
  const names = new Set(traced.map(({ framework, mode }) => `${framework} ${mode}`))
  return [...names].map((name) => {
    const [framework, mode] = name.split(' ')
    return { framework, mode }
  })
}

function section(summary, framework, mode) {
  const ofFramework = summary.filter((cell) => cell.framework === framework)
  const untraced = ofFramework.find(({ variant }) => variant === 'none')
  const cells = [untraced, ...ofFramework.filter((cell) => cell.mode === mode && cell !== untraced)]
  const minimum = cells.find(({ variant }) => variant === 'minimum')
  const rows = cells.map((cell) => row(cell, untraced, minimum))
  return `### ${frameworks[framework]}, ${mode}\n\n${markdown([headings, ...rows])}`
}

function row(cell, untraced, minimum) {
  const { title } = variants[cell.variant]
  if (cell === untraced) return [title, cell.micros.toFixed(0), '', '', '1.00', '']
  return [
    title,
    cell.micros.toFixed(0),
    cell.added.toFixed(0),
    `${cell.lowest.toFixed(0)} to ${cell.highest.toFixed(0)}`,
    (1 + cell.added / untraced.micros).toFixed(2),
    minimum ? (cell.added / minimum.added).toFixed(2) : '',
  ]
}

/** Rows of cells as a Markdown table: the first row is the heading, the first column text. */
export function markdown([head, ...rows]) {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)))
  const pad = (cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [head.map(pad), rule, ...rows.map((row) => row.map(pad))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}
