import type { SpanRow } from '../model/rows.ts'
import { messageStep } from './message.ts'
import { createParties, type Parties, type RemoteParty } from './remote-party.ts'
import { childrenOf } from './self-time.ts'
import { isStatement, spanType } from './span-type.ts'
import type { TraceRecord } from './trace-record.ts'

const [SERVER, CLIENT] = [2, 3]

/** What a span's children say of it, as bits. */
const Child = { statement: 1, database: 2, answer: 4, call: 8 } as const

/** What one child says of its parent, to be joined with what the others say. */
export function saidByChild(child: SpanRow, parent: SpanRow): number {
  let is = spanType(child) === 'db' ? Child.database : 0
  if (isStatement(child)) is |= Child.statement
  if (child.kind === SERVER || child.resource.service !== parent.resource.service)
    is |= Child.answer
  if (child.kind === CLIENT) is |= Child.call
  return is
}

/** What a span goes to that sends no spans itself; undefined when it goes to nothing, or to a service that is here. */
export function partyOf(span: SpanRow, said: number, parties: Parties): RemoteParty | undefined {
  const step = messageStep(span)
  if (step === 'send') return parties.destination(span)
  // To fetch messages or to confirm them is not a call of the broker's host.
  if (step !== undefined) return undefined
  if (spanType(span) === 'db') {
    // Where a library's span is around the driver's, the inner one counts, unless it only connects.
    const inner = isStatement(span) ? Child.statement : Child.database
    return (said & inner) !== 0 ? undefined : parties.database(span)
  }
  if (span.kind !== CLIENT || (said & (Child.answer | Child.call)) !== 0) return undefined
  return parties.host(span)
}

/**
 * Reads the id that the map has for what a span goes to, or what a message has come through; undefined
 * when there is none. The map itself asks by it, so that a node's query finds what the node counts.
 */
export function createPartyIds(): (span: SpanRow, record: TraceRecord) => string | undefined {
  const parties = createParties()
  return (span, record) => {
    const step = messageStep(span)
    if (step === 'process' || step === 'receive') return parties.destination(span)?.id
    const inner = childrenOf(record).get(span.id) ?? []
    const said = inner.reduce((bits, child) => bits | saidByChild(child, span), 0)
    return partyOf(span, said, parties)?.id
  }
}
