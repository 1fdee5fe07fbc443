const CODES = { bold: [1, 22], dim: [2, 22] } as const

/** Text in a style, where the terminal that it goes to has one. */
export function paint(
  style: keyof typeof CODES,
  text: string,
  to: Pick<NodeJS.WriteStream, 'isTTY'> = process.stdout,
): string {
  if (!to.isTTY || process.env.NO_COLOR || process.env.TERM === 'dumb') return text
  const [on, off] = CODES[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

/** Words in a row: `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
