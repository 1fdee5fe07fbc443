import type { Span } from '../../src/contract/trace.ts'
import { serviceColour } from '../api/service-colour.ts'
import { duration } from '../format/duration.ts'
import { fontOf } from '../format/text-width.ts'
import { element, setText } from '../ui/element.ts'
import { createIcon, setIcon } from '../ui/icons.tsx'
import { type NameFonts, nameFit } from './name-fit.ts'
import type { Waterfall } from './waterfall.ts'

/** The left half of a row. */
export interface SpanName {
  readonly element: HTMLElement
  readonly show: (span: Span, waterfall: Waterfall) => void
}

const MAX_INDENTED_DEPTH = 24
/** Pixels before a row, and what of them the sign takes by which it is folded. */
const [BEFORE, TWISTY] = [25, 19]
/** Letters of a service's name that may be cut when there is no room. */
const MIN_CUT_LENGTH = 19

/** Makes the left half of a row: the twisty, the service, the name, and what is to be said of the span. */
export function createSpanName(): SpanName {
  const arrow = createIcon('down')
  const twisty = element('span', 'twisty', arrow)
  twisty.dataset.twisty = 'true'
  const stripe = element('i', 'stripe')
  const service = new Text()
  const whose = element('span', 'span-service', service)
  const database = element('i', 'cylinder')
  const name = new Text()
  const summary = element('small', '')
  const label = element('span', 'span-label', name)
  const notes = element('span', 'span-notes')
  const whole = element('span', 'span-name')
  let fonts: NameFonts | undefined
  whole.append(twisty, stripe, whose, database, label, notes)
  return {
    element: whole,
    show(span, waterfall) {
      const isParent = span.descendants > 0
      const level = Math.min(span.depth - waterfall.above, MAX_INDENTED_DEPTH)
      const start = level * 12 + BEFORE
      whole.style.paddingLeft = `${start - (isParent ? TWISTY : 0)}px`
      twisty.hidden = !isParent
      if (isParent) setIcon(arrow, waterfall.collapsed.has(span.id) ? 'right' : 'down')
      stripe.style.background = serviceColour(span.service)
      setText(service, span.service)
      whose.classList.toggle('long', span.service.length >= MIN_CUT_LENGTH)
      database.hidden = span.type !== 'db'
      setText(name, span.name)
      label.title = span.name
      const more = summaryOf(span)
      showSummary(label, summary, more)
      showNotes(notes, notesOf(span, waterfall))
      fonts ??= { service: fontOf(whose), label: fontOf(label) }
      const row = { start, words: `${span.name}  ${more}`, notes }
      whole.className = `span-name ${nameFit(span, row, waterfall.names, fonts)}`
    },
  }
}

function summaryOf(span: Span): string {
  return span.kind === 'client' && span.type === 'http' ? (span.summary ?? '') : ''
}

function showSummary(label: HTMLElement, summary: HTMLElement, words: string): void {
  summary.textContent = words
  if (words === '') summary.remove()
  else label.append(summary)
}

function showNotes(notes: HTMLElement, next: readonly HTMLElement[]): void {
  if (next.length > 0 || notes.firstChild) notes.replaceChildren(...next)
}

function notesOf(span: Span, waterfall: Waterfall): HTMLElement[] {
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
  const failure = failureOf(span, isFolded, waterfall)
  if (failure) notes.push(failure)
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
