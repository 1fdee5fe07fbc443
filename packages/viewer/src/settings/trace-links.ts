import type { TraceLink } from '../contract/receiver.ts'

const PLACEHOLDER = '{traceId}'
const MAX_LINKS = 20
const MAX_NAME_LENGTH = 40
const ALLOWED = `an http or https address with ${PLACEHOLDER} in it, like https://jaeger.example/trace/${PLACEHOLDER}`

/**
 * Checks the links of an option, in the order given.
 *
 * @throws TypeError with one sentence that names the option, the value and what is allowed
 */
export function checkTraceLinks(
  links: Readonly<Record<string, string>>,
  option = 'traceLinks',
): TraceLink[] {
  if (typeof links !== 'object' || links === null || Symbol.iterator in links)
    throw new TypeError(`${option} is an object of addresses by name.`)
  const all = Object.entries(links)
  if (all.length > MAX_LINKS)
    throw new TypeError(`${option} takes ${MAX_LINKS} links, not ${all.length}.`)
  for (const [name, url] of all) {
    if (!isName(name))
      throw new TypeError(
        `${option} takes link names of 1 to ${MAX_NAME_LENGTH} characters, not ${JSON.stringify(name)}.`,
      )
    if (!isTemplate(url))
      throw new TypeError(`${option} for ${name} is ${ALLOWED}, not ${JSON.stringify(url)}.`)
  }
  return all.map(([name, url]) => ({ name, url: url.trim() }))
}

/**
 * Reads links as the command line gives them, each `Name=address`.
 *
 * @throws TypeError with one sentence that names the option, the value and what is allowed
 */
export function readTraceLinks(texts: readonly string[], option: string): Record<string, string> {
  const links: Record<string, string> = {}
  for (const text of texts) {
    const [, name, url] = /^\s*([^=]*[^=\s])\s*=(.*)$/s.exec(text) ?? []
    if (name === undefined || url === undefined || name.includes('://'))
      throw new TypeError(
        `${option} is a name and ${ALLOWED.replace('https:', 'Jaeger=https:')}, not ${JSON.stringify(text)}.`,
      )
    if (Object.hasOwn(links, name)) throw new TypeError(`${option} names ${name} twice.`)
    links[name] = url.trim()
  }
  checkTraceLinks(links, option)
  return links
}

function isName(name: string): boolean {
  return name.trim() !== '' && name.length <= MAX_NAME_LENGTH && !/\p{C}/u.test(name)
}

/** Only http and https lead anywhere, and the trace's id never decides to whom. */
function isTemplate(url: unknown): boolean {
  if (typeof url !== 'string' || !url.includes(PLACEHOLDER)) return false
  if (!/^\s*https?:\/\//i.test(url) || /\p{Cc}/u.test(url.trim())) return false
  const [one, other] = ['0', 'f'].map((id) => originOf(url.replaceAll(PLACEHOLDER, id.repeat(32))))
  return one !== undefined && one === other
}

function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { origin, username, password } = new URL(url)
  return `${origin} ${username} ${password}`
}
