import { quoted, splitQuery, toggleTerm } from '../query/terms.ts'

const START = '!root.name='
const PROBE = /\/(?:health|healthz|ready|readyz|live|livez|ping|metrics|favicon\.ico)\b/i

/** The operations that a query hides from the list, with the term that does. */
export function hiddenOperations(query: string): { name: string; term: string }[] {
  return splitQuery(query)
    .filter((term) => term.startsWith(START))
    .map((term) => ({ name: unquoted(term.slice(START.length)), term }))
}

/** The query that hides an operation, or shows it again. */
export function toggleHidden(query: string, name: string): string {
  return toggleTerm(query, `${START}${quoted(name)}`)
}

/** The operations that only ask whether a service is up: a user hides these first. */
export function probesOf(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => PROBE.test(name)).slice(0, 2)
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}
