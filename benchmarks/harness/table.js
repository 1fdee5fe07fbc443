import { markdown } from './markdown.js'

/**
 * The results of each subject and mode as a Markdown table under its heading. `unit` is what one
 * operation is called, and `base` the variant that the others are set against.
 */
export function table(summary, { subjects, variants, unit, base }) {
  const headings = [
    'variant',
    `µs a ${unit}`,
    'added µs',
    summary[0].range,
    '× no tracing',
    `added, × ${variants[base].short}`,
    `spans a ${unit}`,
  ]
  return tablesOf(summary)
    .map(({ subject, mode }) => {
      const rows = rowsOf(summary, subject, mode, { variants, base })
      return `### ${subjects[subject]}, ${mode}\n\n${markdown([headings, ...rows])}`
    })
    .join('\n\n')
}

function tablesOf(summary) {
  const traced = summary.filter(({ variant }) => variant !== 'none')
  const names = new Set(traced.map(({ subject, mode }) => `${subject} ${mode}`))
  return [...names].map((name) => {
    const [subject, mode] = name.split(' ')
    return { subject, mode }
  })
}

function rowsOf(summary, subject, mode, { variants, base }) {
  const ofSubject = summary.filter((cell) => cell.subject === subject)
  const untraced = ofSubject.find(({ variant }) => variant === 'none')
  const cells = [untraced, ...ofSubject.filter((cell) => cell.mode === mode && cell !== untraced)]
  const against = cells.find(({ variant }) => variant === base)
  return cells.map((cell) => {
    const { title } = variants[cell.variant]
    if (cell === untraced) return [title, micros(cell), '', '', '1.00', '', '']
    return [
      title,
      micros(cell),
      cell.added.toFixed(1),
      `${cell.lowest.toFixed(1)} to ${cell.highest.toFixed(1)}`,
      (1 + cell.added / untraced.micros).toFixed(2),
      against ? (cell.added / against.added).toFixed(2) : '',
      cell.spans.toFixed(1),
    ]
  })
}

const micros = ({ micros }) => micros.toFixed(micros < 100 ? 1 : 0)

/** What a summary compares, one line each. */
export const compared = (summary, variants) =>
  variantsOf(summary)
    .map((name) => `- **${variants[name].title}**: ${variants[name].description}`)
    .join('\n')

/** The packages that a summary has measured. */
export const packagesOf = (summary, variants) =>
  variantsOf(summary).flatMap((name) => variants[name].packages)

const variantsOf = (summary) => [...new Set(summary.map(({ variant }) => variant))]
