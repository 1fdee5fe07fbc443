import type { TraceLink } from '../contract/receiver.ts'

const PLACE = '{traceId}'
const MOST = 20
const LONGEST_NAME = 40
const ALLOWED = `an http or https address with ${PLACE} in it, like https://jaeger.example/trace/${PLACE}`

/**
 * Checks the links of an option, in the order given.
 *
 * @throws TypeError with one sentence that names the option, the value and what is allowed
 */
export function checkTraceLinks(
  links: Readonly<Record<string, string>>,
  option = 'traceLinks',
): TraceLink[] {
  const all = Object.entries(links)
  if (all.length > MOST) throw new TypeError(`${option} takes ${MOST} links, not ${all.length}.`)
  for (const [name, url] of all) {
    if (!isName(name))
      throw new TypeError(
        `${option} names a link in 1 to ${LONGEST_NAME} characters, not ${JSON.stringify(name)}.`,
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
  return name.trim() !== '' && name.length <= LONGEST_NAME && !/\p{C}/u.test(name)
}

/** Only http and https lead anywhere, and the trace's id never decides to whom. */
function isTemplate(url: unknown): boolean {
  if (typeof url !== 'string' || !url.includes(PLACE)) return false
  if (!/^\s*https?:\/\//i.test(url) || /\p{Cc}/u.test(url.trim())) return false
  const [one, other] = ['0', 'f'].map((id) => originOf(url.replaceAll(PLACE, id.repeat(32))))
  return one !== undefined && one === other
}

function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { origin, username, password } = new URL(url)
  return `${origin} ${username} ${password}`
}
