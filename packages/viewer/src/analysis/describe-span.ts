import { leavesOut } from '../contract/leaves-out.ts'
import type { SpanType } from '../contract/span-words.ts'
import type { SpanDetails, SpanRow, WholeSpan } from '../contract/trace.ts'
import { attributesToJson, firstAttribute, textOf } from '../model/attributes.ts'
import { DB_SYSTEM } from '../model/conventions.ts'
import {
  type EventRow,
  type SpanRow as KeptSpan,
  KINDS,
  type Resource,
  type Scope,
  STATUSES,
  Unknown,
} from '../model/rows.ts'
import { nanosToMillis } from '../model/time.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { uncovered } from '../trace/self-time.ts'
import { isStatement, spanType, statementOf, summaryOf } from '../trace/span-type.ts'
import { nanosAfterStart, spanOf, type TraceRecord } from '../trace/trace-record.ts'
import { countLinks, describeIncoming, describeLinks, type LinkingSpan } from './describe-links.ts'
import { describeMessage } from './describe-message.ts'
import type { TreeNode } from './span-tree.ts'

/** What a span's description needs to know besides the span. */
export interface SpanContext {
  readonly record: TraceRecord
  readonly store: MemoryStore
  readonly groupOf: ReadonlyMap<KeptSpan, number>
  readonly resource: (resource: Resource) => number
  readonly scope: (scope: Scope) => number
  readonly logs: ReadonlyMap<string, number>
  readonly incoming: ReadonlyMap<string, readonly LinkingSpan[]>
}

// Flags of OTLP: bit 9 says whether the parent is remote, bit 8 whether bit 9 means anything.
const HAS_IS_REMOTE = 0x100
const IS_REMOTE = 0x200

/** What the waterfall shows of a span: API.md, Span. What has nothing to say is undefined, and absent in JSON. */
export function describeRow(node: TreeNode, context: SpanContext): SpanRow {
  const { span, stretch } = node
  const type = spanType(span)
  const group = context.groupOf.get(span)
  return {
    id: span.id,
    parent: span.parent || undefined,
    depth: node.depth,
    descendants: node.descendants,
    service: span.resource.service,
    name: span.name,
    kind: KINDS[span.kind] ?? 'unspecified',
    type,
    offset: nanosToMillis(stretch.from),
    duration: nanosToMillis(span.duration),
    self: nanosToMillis(selfOf(node)),
    critical: nanosToMillis(node.critical),
    status: STATUSES[span.status] ?? 'unset',
    statusMessage: span.message || undefined,
    ...whyAtTop(node, context.record),
    unknown: unknownOf(span),
    remoteParent: hasRemoteParent(node) || undefined,
    resource: context.resource(span.resource),
    scope: context.scope(span.scope),
    events: listOrNothing(span.events, (event) => ({
      name: event.name,
      offset: eventOffset(event, context.record),
    })),
    summary: rowSummary(span, type),
    sql: group === undefined ? undefined : { group },
    logs: context.logs.get(span.id),
    message: describeMessage(span, context.record, context.store),
    linked: countLinks(span, context.record, context.incoming.get(span.id)),
  }
}

/** What a row says besides the name: of a call its address, of a statement what the name leaves out. */
function rowSummary(span: KeptSpan, type: SpanType): string | undefined {
  if (type !== 'http' && type !== 'db') return undefined
  const summary = summaryOf(span)
  return type === 'http' || leavesOut(span.name, summary) ? summary || undefined : undefined
}

/** What its sender has not said of its time. */
function unknownOf({ unknown }: KeptSpan): ('start' | 'duration')[] | undefined {
  if (unknown === 0) return undefined
  const said: ('start' | 'duration')[] = []
  if ((unknown & Unknown.begin) !== 0) said.push('start')
  if ((unknown & Unknown.duration) !== 0) said.push('duration')
  return said
}

/** Of a span that names a parent, but has none above it. */
function whyAtTop(
  { span, parent }: TreeNode,
  record: TraceRecord,
): { orphan?: true; circular?: true } {
  if (span.parent === '' || parent !== undefined) return {}
  return spanOf(record, span.parent) === undefined ? { orphan: true } : { circular: true }
}

/** One span with all that is known of it: API.md, Span. */
export function describeSpan(node: TreeNode, context: SpanContext): WholeSpan {
  const { span } = node
  const group = context.groupOf.get(span)
  return {
    ...describeRow(node, context),
    ...describeDetails(span, context),
    sql: group === undefined ? undefined : { ...statementFacts(span), group },
  }
}

/** What only a panel shows of a span: all that `describeRow` leaves out. */
export function describeDetails(
  span: KeptSpan,
  { record, store, incoming }: Pick<SpanContext, 'record' | 'store' | 'incoming'>,
): SpanDetails {
  const linking = incoming.get(span.id)
  return {
    attributes: attributesToJson(span),
    events: listOrNothing(span.events, (event) => ({
      name: event.name,
      offset: eventOffset(event, record),
      attributes: attributesToJson(event),
    })),
    links: span.links.length === 0 ? undefined : describeLinks(span, store),
    linkedFrom: linking && describeIncoming(span, linking, store),
    summary: summaryOf(span) || undefined,
    sql: isStatement(span) ? statementFacts(span) : undefined,
    clipped: span.clipped || undefined,
    dropped: span.dropped,
  }
}

function eventOffset(event: EventRow, record: TraceRecord): number {
  return nanosToMillis(nanosAfterStart(record, event))
}

function selfOf({ span, stretch, children }: TreeNode): number {
  if (children.length === 0) return span.duration
  return uncovered(
    stretch,
    children.map((child) => child.stretch),
  )
}

function statementFacts(span: KeptSpan): { system: string; text: string } {
  return { system: textOf(firstAttribute(span, DB_SYSTEM)), text: statementOf(span) }
}

function hasRemoteParent({ span, parent }: TreeNode): boolean {
  if (span.parent === '') return false
  if ((span.flags & HAS_IS_REMOTE) !== 0) return (span.flags & IS_REMOTE) !== 0
  return parent !== undefined && parent.span.resource.service !== span.resource.service
}

function listOrNothing<Item, Made>(
  list: readonly Item[],
  make: (item: Item) => Made,
): Made[] | undefined {
  return list.length === 0 ? undefined : list.map(make)
}
