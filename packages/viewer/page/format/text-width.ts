/** Words whose widths are remembered. */
const MAX_CACHED_WIDTHS = 5000
const known = new Map<string, number>()
let context: CanvasRenderingContext2D | null | undefined

/** The pixels that words need in a CSS font, measured without a layout; a little more rather than less. */
export function textWidth(words: string, font: string): number {
  const key = `${font} ${words}`
  const width = known.get(key) ?? measure(words, font)
  if (known.size >= MAX_CACHED_WIDTHS) known.clear()
  known.set(key, width)
  return width
}

function measure(words: string, font: string): number {
  context ??= document.createElement('canvas').getContext('2d')
  if (!context) return Number.POSITIVE_INFINITY
  context.font = font
  // The page draws all digits as wide as the widest.
  return context.measureText(words.replaceAll(/\d/g, '0')).width * 1.02 + 1
}

/** The CSS font of an element in the page. */
export function fontOf(element: Element): string {
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(element)
  return `${fontWeight} ${fontSize} ${fontFamily}`
}
