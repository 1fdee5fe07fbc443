import { leavesOut } from '../../src/contract/leaves-out.ts'
import type { Span } from '../../src/contract/trace.ts'
import { serviceColour } from '../api/service-colour.ts'
import { fontOf } from '../format/text-width.ts'
import { element, setText } from '../ui/element.ts'
import { createIcon, setIcon } from '../ui/icons.tsx'
import { type NameFonts, nameFit } from './name-fit.ts'
import { notesOf } from './span-notes.ts'
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
  const message = createIcon('sent')
  const name = new Text()
  const summary = element('small', '')
  const label = element('span', 'span-label', name)
  const notes = element('span', 'span-notes')
  const whole = element('span', 'span-name')
  let fonts: NameFonts | undefined
  message.classList.add('message')
  whole.append(twisty, stripe, whose, database, message, label, notes)
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
      showMessage(message, span)
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

function showMessage(icon: SVGSVGElement, { message }: Span): void {
  // An element of a drawing has no property `hidden`.
  icon.toggleAttribute('hidden', message === undefined)
  if (message) setIcon(icon, message.step === 'send' ? 'sent' : 'received')
}

/** What a row says besides the name: a client's address, the statement or queue that the name leaves out. */
function summaryOf(span: Span): string {
  const queue = span.message?.queue ?? ''
  if (queue !== '' && !span.name.includes(queue)) return queue
  const { type, kind, summary = '' } = span
  if (type === 'db') return leavesOut(span.name, summary) ? summary : ''
  return kind === 'client' && type === 'http' ? summary : ''
}

function showSummary(label: HTMLElement, summary: HTMLElement, words: string): void {
  summary.textContent = words
  if (words === '') summary.remove()
  else label.append(summary)
}

function showNotes(notes: HTMLElement, next: readonly HTMLElement[]): void {
  if (next.length > 0 || notes.firstChild) notes.replaceChildren(...next)
}
