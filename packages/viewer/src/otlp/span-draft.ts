import type { AttributeCollector } from '../model/attribute-budget.ts'
import { cutText } from '../model/cut-text.ts'
import {
  type Decoded,
  type Dropped,
  type EventRow,
  type LinkRow,
  type Resource,
  type Scope,
  type SpanRow,
  Unknown,
} from '../model/rows.ts'
import { sizeOfText } from '../model/size-of.ts'
import { type Moment, nanosBetween } from '../model/time.ts'
import type { DecodeContext } from './decode-context.ts'

/** A span while its fields are read; all readers fill one. Ids are lower-case hexadecimal, '' when bad or absent. */
export interface SpanDraft {
  trace: string
  id: string
  parent: string
  state: string
  name: string
  kind: number
  start: Moment
  end: Moment
  /** Nanoseconds, where the sender says no end; -1 where it does. */
  took: number
  /** It was sent with the id of its client's span. */
  isShared: boolean
  status: number
  message: string
  flags: number
  droppedAttributes: number
  droppedEvents: number
  droppedLinks: number
  readonly attributes: AttributeCollector
  readonly resource: Resource
  readonly scope: Scope
  events: EventRow[]
  links: LinkRow[]
  /** Left out when the span is full. */
  addEvent(event: EventRow | undefined): void
  addLink(link: LinkRow | undefined): void
}

const ZERO: Moment = { micros: 0, nanos: 0 }
const NO_EVENTS: EventRow[] = []
const NO_LINKS: LinkRow[] = []
const ROW_BYTES = 216
/** What a span is called whose sender gives it no name: OTLP has no other meaning for that. */
export const NO_NAME = 'unknown'
/** About what an event takes besides its name and its attributes. */
export const EVENT_BYTES = 192
/** About what a link takes besides its attributes, with its place in the index of links. */
export const LINK_BYTES = 320
/** The longest trace state that is kept, in characters. */
export const MAX_STATE_LENGTH = 1024
const ZERO_TRACE = '0'.repeat(32)
const ZERO_SPAN = '0'.repeat(16)

/** Begins a span. The budget of the context must have been reset for it. */
export function createSpanDraft(
  context: DecodeContext,
  resource: Resource,
  scope: Scope,
): SpanDraft {
  return {
    trace: '',
    id: '',
    parent: '',
    state: '',
    name: '',
    kind: 0,
    start: ZERO,
    end: ZERO,
    took: -1,
    isShared: false,
    status: 0,
    message: '',
    flags: 0,
    droppedAttributes: 0,
    droppedEvents: 0,
    droppedLinks: 0,
    attributes: context.budget.collect(),
    resource,
    scope,
    events: NO_EVENTS,
    links: NO_LINKS,
    addEvent(event) {
      if (event === undefined || !context.budget.take(EVENT_BYTES + sizeOfText(event.name))) return
      if (this.events === NO_EVENTS) this.events = []
      this.events.push(event)
    },
    addLink(link) {
      if (link === undefined || !context.budget.take(LINK_BYTES + link.state.length)) return
      if (this.links === NO_LINKS) this.links = []
      this.links.push(link)
    },
  }
}

/** Turns the draft into a row, or counts it as rejected when its ids are not valid. */
export function finishSpan(draft: SpanDraft, context: DecodeContext, into: Decoded): void {
  const reason = faultOf(draft)
  if (reason !== '') {
    into.rejected += 1
    into.reasons.add(reason)
    return
  }
  const { budget } = context
  const name = String(budget.clip(draft.name || NO_NAME))
  const message = String(budget.clip(draft.message))
  const state = cutText(draft.state, MAX_STATE_LENGTH)
  const { start, duration, unknown } = timeOf(draft)
  into.traces.push(draft.trace)
  into.spans.push({
    id: draft.id,
    parent: draft.parent === ZERO_SPAN ? '' : draft.parent,
    name,
    kind: draft.kind <= 5 ? draft.kind : 0,
    micros: start.micros,
    nanos: start.nanos,
    duration,
    unknown,
    half: draft.isShared ? draft.id : '',
    status: draft.status <= 2 ? draft.status : 0,
    message,
    flags: draft.flags,
    state,
    resource: draft.resource,
    scope: draft.scope,
    shape: draft.attributes.shape,
    values: draft.attributes.values,
    // A list that has grown has spare room; a copy does not.
    events: draft.events === NO_EVENTS ? NO_EVENTS : draft.events.slice(),
    links: draft.links === NO_LINKS ? NO_LINKS : draft.links.slice(),
    dropped: droppedOf(draft),
    clipped: budget.clipped,
    bytes: bytesOfRow(budget.used, { name, message, state }),
  })
}

/** What a row counts for, whose attributes, events and links take this many bytes. */
export function bytesOfRow(
  parts: number,
  { name, message, state }: Pick<SpanRow, 'name' | 'message' | 'state'>,
): number {
  return parts + ROW_BYTES + sizeOfText(name) + sizeOfText(message) + state.length
}

interface Time {
  readonly start: Moment
  readonly duration: number
  readonly unknown: number
}

/** When a span was, as its sender says; else when something else of it happened, or when it came. */
function timeOf(draft: SpanDraft): Time {
  const { start, end, events, took } = draft
  if (isTime(start)) return { start, ...durationOf(draft) }
  // In 1970, it would stretch its whole trace over half a century, and nobody would look for it there.
  const times = [...events, end].filter(isTime)
  const [first] = times.sort((a, b) => a.micros - b.micros || a.nanos - b.nanos)
  const begin = { micros: first?.micros ?? Date.now() * 1000, nanos: first?.nanos ?? 0 }
  const known = took >= 0 ? 0 : Unknown.duration
  return {
    start: begin,
    duration: took >= 0 ? took : nanosBetween(begin, end),
    unknown: Unknown.begin + known + (first === undefined ? Unknown.place : 0),
  }
}

function durationOf({ start, end, took }: SpanDraft): Pick<Time, 'duration' | 'unknown'> {
  if (took >= 0) return { duration: took, unknown: 0 }
  const isBefore =
    end.micros < start.micros || (end.micros === start.micros && end.nanos < start.nanos)
  return { duration: nanosBetween(start, end), unknown: isBefore ? Unknown.duration : 0 }
}

function isTime({ micros, nanos }: Moment): boolean {
  return micros > 0 || nanos > 0
}

function faultOf(draft: SpanDraft): string {
  if (draft.trace.length !== 32 || draft.trace === ZERO_TRACE)
    return 'a trace id is not 16 bytes, or all zero'
  if (draft.id.length !== 16 || draft.id === ZERO_SPAN)
    return 'a span id is not 8 bytes, or all zero'
  return ''
}

function droppedOf(draft: SpanDraft): Dropped | undefined {
  const { droppedAttributes: attributes, droppedEvents: events, droppedLinks: links } = draft
  return attributes + events + links > 0 ? { attributes, events, links } : undefined
}
