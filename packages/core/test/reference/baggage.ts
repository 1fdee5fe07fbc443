const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const OCTET = '[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]'
const OWS = '[ \\t]*'

// The grammar's whitespace after a property is the one before the next, or was trimmed.
const PROPERTY = `${TOKEN}(?:${OWS}=${OWS}${OCTET}*)?`
const LIST_MEMBER = new RegExp(`^(${TOKEN})${OWS}=${OWS}(${OCTET}*)(?:${OWS};${OWS}${PROPERTY})*$`)

/** One list-member of W3C Baggage, section "Definition", or undefined when the text is not one. */
export function readBaggageMember(
  text: string,
): { key: string; text: string; encodedValue: string } | undefined {
  const [, key, encodedValue] = LIST_MEMBER.exec(text) ?? []
  return key === undefined || encodedValue === undefined ? undefined : { key, text, encodedValue }
}

/**
 * W3C Baggage, sections "Definition" and "Limits", read slowly: an element of the list counts while
 * the list up to it, trimmed, has at most 8192 characters.
 */
export function readBaggage(header: string): {
  members: { key: string; text: string; encodedValue: string }[]
  dropped: number
} {
  const list = header.split(',').map((text) => text.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, ''))
  const within = list.filter((_, i) => list.slice(0, i + 1).join(',').length <= 8192)
  const members = within.flatMap((text) => readBaggageMember(text) ?? [])
  return { members, dropped: list.filter((text) => text !== '').length - members.length }
}

/**
 * W3C Baggage, section "Limits", read slowly for sending: a member is sent when the list with it
 * still has at most 8192 bytes.
 */
export function writeBaggage(texts: readonly string[]): string | undefined {
  const sent: string[] = []
  for (const text of texts) {
    const legal = readBaggageMember(text) !== undefined && !/^[ \t]|[ \t]$/.test(text)
    if (legal && [...sent, text].join(',').length <= 8192) sent.push(text)
  }
  return sent.length === 0 ? undefined : sent.join(',')
}
