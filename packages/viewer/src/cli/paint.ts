const CODES = { bold: [1, 22], dim: [2, 22] } as const

/** Text in a style, where the terminal has one. */
export function paint(style: keyof typeof CODES, text: string): string {
  if (!process.stdout.isTTY || process.env.NO_COLOR) return text
  const [on, off] = CODES[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}
