import type { Headline } from '../../contract/trace-list.ts'
import { firstAttribute, textOf } from '../../model/attributes.ts'
import { HTTP_STATUS } from '../../model/conventions.ts'
import type { SpanRow } from '../../model/rows.ts'
import type { MemoryStore } from '../../store/memory-store.ts'
import { destinationOf } from '../../trace/destination.ts'
import { messageStep } from '../../trace/message.ts'
import { delaysOf, sendersOf } from '../../trace/queue-delay.ts'
import { REPEATED_FROM } from '../../trace/repeated.ts'
import { childrenOf, stretchOf, uncovered } from '../../trace/self-time.ts'
import { isStatement } from '../../trace/span-type.ts'
import { factsOf, isIncomplete, repetitions } from '../../trace/trace-facts.ts'
import type { TraceRecord } from '../../trace/trace-record.ts'
import type { Usual, UsualTimes } from './usual.ts'
import { durationText, short, whatOf } from './words.ts'

/** How many times its median something takes to be unusual. */
const UNUSUAL = 3
/** The share of a trace from which something is said to have taken its time. */
const SHARE = 0.3
/** The share of a trace that is most of it. */
const MOST = 0.5
/** Differences that nobody feels are not unusual. */
const MIN_NANOS = 1e6
/** In larger traces the time of each span without its children is not looked for. */
const MAX_SPANS = 5000

/** What took the time, how unusual that is, or that nothing was. */
export function timeSentence(record: TraceRecord, store: MemoryStore, usual: UsualTimes): Headline {
  return (
    repeatedSentence(record) ??
    waitedSentence(record, store) ??
    slowSentence(record, usual) ??
    plainSentence(record, usual)
  )
}

function repeatedSentence(record: TraceRecord): Headline | undefined {
  if (factsOf(record).repeated < REPEATED_FROM) return undefined
  const groups = repetitions(record.spans.filter(isStatement))
  const [largest] = groups.sort((a, b) => b.spans.length - a.spans.length)
  const [first] = largest?.spans ?? []
  if (largest === undefined || first === undefined) return undefined
  const total = largest.spans.reduce((sum, { duration }) => sum + duration, 0)
  const of = `${durationText(total)} of ${durationText(record.duration)}`
  const where = `${short(first.resource.service, 40)}: ${whatOf(first)}`
  const text = `The same statement ${largest.spans.length} times in ${where} (${of})`
  return { kind: 'repeated', text, span: first.id }
}

function waitedSentence(record: TraceRecord, store: MemoryStore): Headline | undefined {
  let longest: { span: SpanRow; delay: number } | undefined
  for (const span of record.spans) {
    if (messageStep(span) !== 'process') continue
    // Where the send is in another trace, this one has not waited for it.
    const here = sendersOf(span, record, store).filter(({ id }) => id === span.parent)
    const delay = here.length === 0 ? 0 : Math.max(0, ...delaysOf(span, here))
    if (delay > (longest?.delay ?? 0)) longest = { span, delay }
  }
  if (longest === undefined || longest.delay < Math.max(MIN_NANOS, record.duration * SHARE))
    return undefined
  const { span, delay } = longest
  const queue = destinationOf(span)
  const text = `${durationText(delay)} of ${durationText(record.duration)}: waiting in ${queue === '' ? 'a queue' : short(queue)}`
  return { kind: 'waited', text, span: span.id }
}

function slowSentence(record: TraceRecord, usual: UsualTimes): Headline | undefined {
  const { root } = factsOf(record)
  const found = busiest(record)
  if (found === undefined || root === undefined) return undefined
  const { span, self } = found
  const [whole, own] = [usual.of(root), usual.of(span)]
  const [all, where] = [durationText(record.duration), placeOf(span)]
  if (own && isUnusual(span.duration, own) && span.duration >= record.duration * SHARE) {
    const took = span === root ? all : `${durationText(span.duration)} of ${all}`
    const text = `${took}: ${where}, ${timesText(span.duration, own)} its median`
    return { kind: 'slow', text, span: span.id }
  }
  if (!whole || !isUnusual(root.duration, whole)) return undefined
  const part = span === root ? '' : `; ${durationText(self)} of it in ${where}`
  const text = `${all}, ${timesText(root.duration, whole)} the median of ${whatOf(root)}${part}`
  return { kind: 'slow', text, span: span.id }
}

function placeOf(span: SpanRow): string {
  return `${short(span.resource.service, 40)}: ${whatOf(span)}`
}

function isUnusual(duration: number, { median }: Usual): boolean {
  return duration >= median * UNUSUAL && duration - median >= MIN_NANOS
}

function timesText(duration: number, { median }: Usual): string {
  const times = duration / Math.max(1, median)
  return `${times >= 9.95 ? Math.round(times) : times.toFixed(1)}×`
}

/** The span that ran longest with no child of it running. */
function busiest(record: TraceRecord): { span: SpanRow; self: number } | undefined {
  if (record.spans.length > MAX_SPANS) return undefined
  const children = childrenOf(record)
  let found: { span: SpanRow; self: number } | undefined
  for (const span of record.spans) {
    const inner = children.get(span.id) ?? []
    const stretches = inner.map((child) => stretchOf(record, child))
    const self = uncovered(stretchOf(record, span), stretches)
    if (self > (found?.self ?? -1)) found = { span, self }
  }
  return found
}

function plainSentence(record: TraceRecord, usual: UsualTimes): Headline {
  const { root, rootMissing } = factsOf(record)
  if (isIncomplete(record)) return incompleteSentence(rootMissing, root)
  const found = busiest(record)
  const isMost = found !== undefined && found.self >= record.duration * MOST
  const most = isMost && found.span !== root ? `, most of it in ${placeOf(found.span)}` : ''
  const status = root === undefined ? 0 : Number(textOf(firstAttribute(root, HTTP_STATUS)))
  const took = durationText(record.duration)
  const isUsual = root !== undefined && usual.of(root) !== undefined
  const answered = status >= 400 ? `Answered ${status} in ${took}` : `Took ${took}`
  const text = isUsual && status < 400 ? `Nothing unusual: ${took}${most}` : `${answered}${most}`
  return { kind: 'usual', text, span: found?.span.id ?? root?.id }
}

function incompleteSentence(rootMissing: boolean, root: SpanRow | undefined): Headline {
  const text = rootMissing
    ? `Not whole: what called ${root === undefined ? 'it' : short(root.resource.service, 40)} was not received`
    : 'Not whole: some of its spans were not received, or not kept'
  return { kind: 'incomplete', text, span: root?.id }
}
