import type { ChangesAnswer, OperationChange, OperationSide } from '../../contract/comparison.ts'
import { ERROR, KINDS, type SpanRow } from '../../model/rows.ts'
import type { Query } from '../../query/compile-query.ts'
import type { MemoryStore } from '../../store/memory-store.ts'
import { factsOf } from '../../trace/trace-facts.ts'
import type { TraceRecord } from '../../trace/trace-record.ts'
import { durationText } from '../headline/words.ts'
import { matchingTraces } from '../list-traces.ts'
import { durationOf } from '../trace-summary.ts'

interface Line {
  readonly root: SpanRow
  readonly before: TraceRecord[]
  readonly after: TraceRecord[]
}

/** A median must differ by this factor, and by so many milliseconds, to be worth a word. */
const FACTOR = 1.3
const MIN_MILLIS = 1
/** The share of traces that fail must differ by this. */
const MIN_ERROR_RATE = 0.05

/**
 * What the traces that match did before a moment and after it, operation by operation; an operation is the
 * service, name and kind of a root. API.md, Before and after.
 */
export function compareSince(
  store: MemoryStore,
  query: Query,
  { since, from }: { readonly since: number; readonly from: number | undefined },
): ChangesAnswer {
  const lines = new Map<string, Line>()
  for (const record of matchingTraces(store, query, { from, to: undefined })) {
    const { root } = factsOf(record)
    if (root === undefined) continue
    const key = `${root.kind} ${root.resource.service}\n${root.name}`
    const line = lines.get(key) ?? { root, before: [], after: [] }
    lines.set(key, line)
    if (record.start / 1000 < since) line.before.push(record)
    else line.after.push(record)
  }
  const operations = [...lines.values()].map(describe)
  operations.sort((a, b) => weightOf(b) - weightOf(a) || (a.name < b.name ? -1 : 1))
  return { since, operations }
}

function weightOf({ isWorse, changes, after }: OperationChange): number {
  return (isWorse ? 4 : 0) + (changes.length > 0 ? 2 : 0) + (after === undefined ? 0 : 1)
}

function describe({ root, before, after }: Line): OperationChange {
  const [was, is] = [sideOf(before), sideOf(after)]
  const found = was && is ? changesOf(was, is) : []
  const isNew = was === undefined ? ['is new'] : is === undefined ? ['has not run since'] : []
  const newest = (after.length > 0 ? after : before).reduce((a, b) => (b.start > a.start ? b : a))
  return {
    service: root.resource.service,
    name: root.name,
    kind: KINDS[root.kind] ?? 'unspecified',
    before: was,
    after: is,
    changes: [...isNew, ...found.map(({ text }) => text)],
    isWorse: found.some(({ isWorse }) => isWorse) || (was === undefined && (is?.errors ?? 0) > 0),
    sample: newest.id,
  }
}

function sideOf(records: readonly TraceRecord[]): OperationSide | undefined {
  if (records.length === 0) return undefined
  return {
    traces: records.length,
    spans: median(records.map(({ spans }) => spans.length)),
    statements: median(records.map((record) => factsOf(record).statements)),
    p50: median(records.map(durationOf)),
    errors: records.filter((record) => factsOf(record).root?.status === ERROR).length,
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1] ?? 0
}

interface Found {
  readonly text: string
  readonly isWorse: boolean
}

function changesOf(was: OperationSide, is: OperationSide): Found[] {
  return [
    ...errorChange(was, is),
    ...countChange('statements', was.statements, is.statements),
    ...countChange('spans', was.spans, is.spans),
    ...durationChange(was.p50, is.p50),
  ]
}

function errorChange(was: OperationSide, is: OperationSide): Found[] {
  const [before, after] = [was.errors / was.traces, is.errors / is.traces]
  if (Math.abs(after - before) < MIN_ERROR_RATE) return []
  const text = `errors ${was.errors} of ${was.traces} → ${is.errors} of ${is.traces}`
  return [{ text, isWorse: after > before }]
}

function countChange(what: string, was: number, is: number): Found[] {
  return was === is ? [] : [{ text: `${what} ${was} → ${is}`, isWorse: is > was }]
}

function durationChange(was: number, is: number): Found[] {
  const [more, less] = [Math.max(was, is), Math.min(was, is)]
  if (more < less * FACTOR || more - less < MIN_MILLIS) return []
  const text = `p50 ${durationText(was * 1e6)} → ${durationText(is * 1e6)}`
  return [{ text, isWorse: is > was }]
}
