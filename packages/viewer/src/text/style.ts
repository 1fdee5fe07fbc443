/** How text is written: how wide, and whether with colours. */
export interface TextStyle {
  /** Columns of the terminal. */
  readonly width: number
  readonly hasColour: boolean
}

/** Text for a reader that is not a terminal. */
export const PLAIN_STYLE: TextStyle = { width: 110, hasColour: false }

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const

/** A colour, or a weight. */
export type Ink = keyof typeof CODES

/** Text in a colour, where there are colours. */
export function inked(style: TextStyle, ink: Ink, text: string): string {
  if (!style.hasColour || text === '') return text
  const [on, off] = CODES[ink]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

// What a span says is data: it must not move the cursor, nor write from right to left.
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu

/** Text of a sender on one line, without what a terminal would act on. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, ' ').replace(/ {2,}/g, ' ').trim()
}

/** Lines of a sender's text, without what a terminal would act on. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.replaceAll('\t', '  ').replace(CONTROL, ' '))
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const NARROW = /^[\x20-\x7e]*$/
const NO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u

/** How many columns a text takes in a terminal. */
export function columnsOf(text: string): number {
  if (NARROW.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += columnsOfOne(character)
  return columns
}

function columnsOfOne(character: string): number {
  if (NO_WIDTH.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

/** Text in exactly this many columns, cut with `…` or filled with spaces. */
export function fitted(text: string, columns: number): string {
  const cut = cutTo(text, columns)
  return cut + ' '.repeat(Math.max(0, columns - columnsOf(cut)))
}

/** Text in at most this many columns. */
export function cutTo(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  if (columns <= 0) return ''
  let kept = ''
  let taken = 0
  for (const character of text) {
    const more = columnsOfOne(character)
    if (taken + more > columns - 1) break
    kept += character
    taken += more
  }
  return `${kept}…`
}

/** Text that ends at this column. */
export function rightAligned(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(text))) + text
}

const INKS = ['cyan', 'yellow', 'green', 'magenta', 'blue'] as const

/** A colour for each of these services, in the order in which they come. */
export function serviceInks(names: readonly string[]): (name: string) => Ink {
  const inks = new Map<string, Ink>()
  for (const name of names)
    if (!inks.has(name)) inks.set(name, INKS[inks.size % INKS.length] ?? 'cyan')
  return (name) => inks.get(name) ?? 'cyan'
}
