/**
 * Whether a pattern stands for a key, without case. A `*` stands for any characters, none included, as
 * often as it is written. Takes time linear in the key's length for each `*`.
 */
export function createKeyPattern(pattern: string): (key: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  const last = rest.pop()
  if (last === undefined) return (key) => key.toLowerCase() === first
  return (given) => {
    const key = given.toLowerCase()
    if (key.length < first.length + last.length) return false
    if (!key.startsWith(first) || !key.endsWith(last)) return false
    // The first place of each part leaves most to the next ones.
    let at = first.length
    const end = key.length - last.length
    for (const part of rest) {
      const found = key.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}
