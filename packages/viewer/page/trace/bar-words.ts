import type { Span } from '../../src/contract/trace.ts'
import { inkOn } from '../api/service-colour.ts'
import { duration } from '../format/duration.ts'
import { element, setText } from '../ui/element.ts'

/** The duration next to or in a bar. */
export interface BarWords {
  readonly element: HTMLElement
  /** The bar's ends, and those of the bar with the way there and back, in percent of the width. */
  readonly show: (span: Span, bar: Ends, line: Ends) => void
}

interface Ends {
  readonly start: number
  readonly end: number
}

interface Place {
  readonly left?: number
  readonly right?: number
  readonly isInside: boolean
}

/** Percent of the width that the words need. */
const WORDS_PERCENT = 14

/** Makes the words that say how long a span took. */
export function createBarWords(): BarWords {
  const words = new Text()
  const whole = element('span', 'bar-words', words)
  return {
    element: whole,
    show(span, bar, line) {
      const { left, right, isInside } = placeOf(bar, line)
      whole.style.left = left === undefined ? '' : `${Math.max(0, left)}%`
      whole.style.right = right === undefined ? '' : `${Math.min(100, Math.max(0, right))}%`
      whole.classList.toggle('inside', isInside)
      whole.classList.toggle('over', right !== undefined && !isInside && hasWaited(span))
      if (isInside) whole.style.setProperty('--on', inkOn(span.service))
      setText(words, span.unknown?.includes('duration') ? '?' : duration(span.duration))
    },
  }
}

/** Whether there may be a line under words on the left of the bar. */
function hasWaited({ message }: Span): boolean {
  return (message?.waited ?? 0) > 0
}

/** In a bar over the whole width, else after it, before it, or in it, where there is room. */
function placeOf(bar: Ends, line: Ends): Place {
  const isAll = bar.start <= WORDS_PERCENT && bar.end >= 100 - WORDS_PERCENT
  const isNone = line.start <= WORDS_PERCENT && line.end >= 100 - WORDS_PERCENT
  if (isAll || (isNone && bar.end - bar.start > WORDS_PERCENT))
    return { right: 100 - bar.end, isInside: true }
  if (line.end < 100 - WORDS_PERCENT) return { left: line.end, isInside: false }
  if (line.start <= WORDS_PERCENT) return { left: bar.end, isInside: false }
  return { right: 100 - line.start, isInside: false }
}
