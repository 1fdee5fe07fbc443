const KEY = '[a-z0-9][a-z0-9_\\-*/@]{0,255}'
const CHR = '[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]'
const NBLK_CHR = '[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]'
const LIST_MEMBER = new RegExp(`^(${KEY})=(${CHR}{0,255}${NBLK_CHR})$`)

/**
 * W3C Trace Context Level 2, section "tracestate Header Field Values", read slowly: the members of
 * the list, the left-most of those with one key, or undefined when the list is not one.
 */
export function readTracestate(header: string): [key: string, value: string][] | undefined {
  const list = header.split(',').map((member) => member.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, ''))
  if (list.length > 32) return undefined
  const members = new Map<string, string>()
  for (const text of list.filter((member) => member !== '')) {
    const [, key, value] = LIST_MEMBER.exec(text) ?? []
    if (key === undefined || value === undefined) return undefined
    if (!members.has(key)) members.set(key, value)
  }
  return members.size === 0 ? undefined : [...members]
}

/**
 * Section "tracestate Limits", read slowly: which members are sent when all of them are longer than
 * 512 characters together.
 */
export function truncateTracestate(texts: readonly string[]): string[] {
  const tooLong = texts.join(',').length > 512
  if (!tooLong) return [...texts]
  const long = texts.findLastIndex((text) => text.length > 128)
  return truncateTracestate(texts.toSpliced(long === -1 ? texts.length - 1 : long, 1))
}
