import type { Span } from '../../src/contract/trace.ts'
import { duration } from '../format/duration.ts'
import { count, plural } from '../format/number.ts'
import { element } from '../ui/element.ts'
import { createIcon } from '../ui/icons.tsx'
import { linkWords } from './link-words.ts'
import type { Waterfall } from './waterfall.ts'

/** What is to be said of a span after its name: what is folded, repeated, linked, missing, failed. */
export function notesOf(span: Span, waterfall: Waterfall): HTMLElement[] {
  const isFolded = waterfall.collapsed.has(span.id)
  const repeated = waterfall.repeated.get(span.id) ?? 0
  const notes: HTMLElement[] = []
  if (isFolded) notes.push(element('small', 'tag', `+${span.descendants}`))
  if (repeated > 0)
    notes.push(
      titled(
        element('small', 'tag warn', `N+1 · ${repeated}×`),
        `The same statement ran ${repeated} times in a row`,
      ),
    )
  notes.push(...messageNotes(span), ...gapNotes(span, waterfall))
  const failure = failureOf(span, isFolded, waterfall)
  if (failure) notes.push(failure)
  return notes
}

/** What its sender has not said, or said wrongly. */
function gapNotes(span: Span, waterfall: Waterfall): HTMLElement[] {
  const notes: HTMLElement[] = []
  if (span.unknown)
    notes.push(
      titled(
        element('small', 'tag', span.unknown.includes('start') ? 'no time' : 'no end'),
        `The sender did not report its ${span.unknown.join(' and ')}`,
      ),
    )
  if (span.orphan)
    notes.push(
      titled(element('small', 'tag warn', 'no parent'), `Parent ${span.parent} was not received`),
    )
  if (span.circular)
    notes.push(
      titled(
        element('small', 'tag warn', 'circular'),
        `Its parent ${span.parent} is the span itself or one of its descendants`,
      ),
    )
  const skew = waterfall.skew.get(span.id)
  if (skew !== undefined)
    notes.push(
      titled(
        element('small', 'tag warn', 'clock'),
        `It lies outside its caller: the machines’ clocks differ by ${duration(Math.abs(skew))}`,
      ),
    )
  return notes
}

/** How many messages it had, and that other traces go on from here, or led here. */
function messageNotes({ message, linked }: Span): HTMLElement[] {
  const notes: HTMLElement[] = []
  if (message?.count !== undefined)
    notes.push(
      titled(
        element('small', 'tag', `×${count(message.count)}`),
        `A batch of ${plural(message.count, 'message')}`,
      ),
    )
  if (linked) {
    const words = linkWords(linked)
    notes.push(titled(element('small', 'tag', createIcon('link'), words.short), words.long))
  }
  return notes
}

/** An error of the span itself, or the way to one below it. */
function failureOf(span: Span, isFolded: boolean, waterfall: Waterfall): HTMLElement | undefined {
  const isOwn = span.status === 'error'
  if (!isOwn && !waterfall.withErrorBelow.has(span.id)) return undefined
  const isBold = isOwn || isFolded
  const sign = isBold ? createIcon('error') : element('i', '')
  return titled(
    element('span', isBold ? 'bad' : 'error-below', sign),
    isOwn ? 'Error' : 'An error in a descendant',
  )
}

function titled(made: HTMLElement, title: string): HTMLElement {
  made.title = title
  return made
}
