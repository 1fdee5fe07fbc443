/** In a fence that no line of the text can close; at most this many characters of it. */
export function fenced(text: string, language: string, most: number): string {
  const shown = text.length > most ? `${text.slice(0, most)} …` : text
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${shown}\n${fence}`
}

/** Text that Markdown shows as it is, on one line. */
export function plain(text: string, most = 500): string {
  const line = text.slice(0, most * 2).replace(/\s+/g, ' ')
  const cut = line.length > most ? `${line.slice(0, most)}…` : line
  return cut.replace(/[\\`*_[\]<>|#]/g, '\\$&')
}

/** Milliseconds, as `12.3 ms`. */
export function millis(value: number): string {
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ms`
}
