import { textWidth } from '../format/text-width.ts'

/**
 * Words and what follows them as they fit into this many pixels, in letters of this many rem: the words cut
 * between two signs, with an ellipsis, when both are longer.
 */
export function fitWords(
  words: string,
  room: number,
  weight: number,
  rem: number,
  after: string = '',
): string {
  const size = rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`
  if (textWidth(words + after, font) <= room) return words + after
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(words)) {
    if (textWidth(`${kept}${segment}…${after}`, font) > room) break
    kept += segment
  }
  return `${kept}…${after}`
}
