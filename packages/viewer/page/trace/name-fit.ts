import type { Span } from '../../src/contract/trace.ts'
import { textWidth } from '../format/text-width.ts'

/** The CSS fonts of the words in the left half of a row. */
export interface NameFonts {
  readonly service: string
  readonly label: string
}

/** Pixels of the parts of a row that are not words, each with the gap after it. */
const [STRIPE, SIGN, GAP, END] = [9, 19, 6, 9]

/**
 * What must be cut in the left half of a row, as its class: nothing, its words, or all of it. As little as
 * possible, since each frame that scrolls a row has to cut it again.
 */
export function nameFit(
  span: Span,
  row: { readonly start: number; readonly words: string; readonly notes: HTMLElement },
  room: number,
  fonts: NameFonts,
): '' | 'cut' | 'crowded' {
  if (row.notes.querySelector('.tag') !== null) return 'crowded'
  const signs = (span.type === 'db' || span.message ? SIGN : 0) + (row.notes.firstChild ? SIGN : 0)
  const fixed = row.start + STRIPE + textWidth(span.service, fonts.service) + GAP + signs + END
  if (fixed + textWidth(row.words, fonts.label) <= room) return ''
  return fixed <= room ? 'cut' : 'crowded'
}
