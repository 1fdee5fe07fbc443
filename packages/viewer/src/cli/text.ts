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
