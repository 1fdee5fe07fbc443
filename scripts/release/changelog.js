const UNRELEASED = '## Unreleased'
const RELEASED = /^## \d+\.\d+\.\d+\S* - \d{4}-\d{2}-\d{2}$/m

/** Whether any version was released: has a section with its number and date. */
export function hasRelease(changelog) {
  return RELEASED.test(changelog)
}

/** The text of a section without its heading, e.g. of `Unreleased` or `1.2.0`; `undefined` without one. */
export function sectionOf(changelog, name) {
  const sections = changelog.split(/^(?=## )/m)
  const found = sections.find((each) =>
    new RegExp(`^## ${escaped(name)}(?: - \\S+)?\\n`).test(each),
  )
  return found?.slice(found.indexOf('\n') + 1).trim()
}

/** The changelog with a section for `version`: what was unreleased, then `entries`, a line each. */
export function withRelease(changelog, { version, date, entries }) {
  const unreleased = sectionOf(changelog, 'Unreleased')
  if (unreleased === undefined) throw new Error(`CHANGELOG.md has no "${UNRELEASED}"`)
  const lines = entries.map((entry) => `- ${entry.trim().replaceAll('\n', '\n  ')}`)
  // After a list the next entries belong to it; after a sentence they begin one.
  const gap = /^(?:- | {2})/.test(unreleased.split('\n').at(-1)) ? '\n' : '\n\n'
  const body = [unreleased, lines.join('\n')].filter(Boolean).join(gap)
  const [before, after] = splitAt(changelog, UNRELEASED, unreleased)
  return `${before}${UNRELEASED}\n\n## ${version} - ${date}\n\n${body}\n${after}`
}

/** What stands before the heading, and what after its text. */
function splitAt(changelog, heading, text) {
  const start = changelog.indexOf(`${heading}\n`)
  const end =
    text === '' ? start + heading.length + 1 : changelog.indexOf(text, start) + text.length
  const rest = changelog.slice(end).trim()
  return [changelog.slice(0, start), rest === '' ? '' : `\n${rest}\n`]
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
