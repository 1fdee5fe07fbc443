import type { ComparedRow, Comparison } from '../../contract/comparison.ts'
import { ERROR, type SpanRow } from '../../model/rows.ts'
import type { MemoryStore } from '../../store/memory-store.ts'
import { factsOf } from '../../trace/trace-facts.ts'
import type { TraceRecord } from '../../trace/trace-record.ts'
import { durationText, short } from '../headline/words.ts'
import { durationOf, summarise } from '../trace-summary.ts'
import { alignRows } from './align-rows.ts'

/** The newest traces that a median is of. */
const MAX_USUAL = 50

/** A trace next to another, row by row: API.md, Compare. */
export function compareTraces(
  before: TraceRecord,
  after: TraceRecord,
  store: MemoryStore,
): Comparison {
  return describe([before], after, store, summarise(before, store))
}

/** A trace next to the median of the other traces of its operation; undefined when there is no other. */
export function compareWithUsual(after: TraceRecord, store: MemoryStore): Comparison | undefined {
  const others = sameOperation(after, store)
  return others.length === 0 ? undefined : describe(others, after, store, undefined)
}

/** The newest other traces of the same operation; those that failed only where no other is known. */
function sameOperation(of: TraceRecord, store: MemoryStore): TraceRecord[] {
  const { root } = factsOf(of)
  if (root === undefined) return []
  const same: TraceRecord[] = []
  const failed: TraceRecord[] = []
  for (const record of [...store.traces.values()].reverse()) {
    if (record === of || same.length >= MAX_USUAL) continue
    const other = factsOf(record).root
    if (other === undefined || !isSameOperation(root, other)) continue
    if (other.status === ERROR) failed.push(record)
    else same.push(record)
  }
  return same.length > 0 ? same : failed.slice(0, MAX_USUAL)
}

function isSameOperation(a: SpanRow, b: SpanRow): boolean {
  return a.name === b.name && a.kind === b.kind && a.resource.service === b.resource.service
}

function describe(
  before: readonly TraceRecord[],
  after: TraceRecord,
  store: MemoryStore,
  one: Comparison['before'],
): Comparison {
  const rows = alignRows(before, [after])
  const durations = before.map(durationOf).sort((a, b) => a - b)
  const usual = durations[(durations.length - 1) >> 1] ?? 0
  return {
    before: one,
    after: summarise(after, store),
    of: before.length,
    usual,
    text: sentenceOf(rows, usual, durationOf(after)),
    rows,
  }
}

/** What is other, the weightiest first. */
function sentenceOf(rows: readonly ComparedRow[], usual: number, took: number): string {
  const times = `${durationText(took * 1e6)} instead of ${durationText(usual * 1e6)}`
  const own = ownDifferences(rows)
  let [found, most]: [ComparedRow | undefined, number] = [undefined, -1]
  for (const [at, row] of rows.entries()) {
    if (row.change === undefined) continue
    const isError = row.change === 'failed' || row.change === 'mended'
    // Of failed rows within each other, the innermost: there the error began.
    const weight = isError ? 1e12 + row.depth : Math.abs(own[at] ?? 0)
    if (weight > most) [found, most] = [row, weight]
  }
  return found === undefined ? `${times}; no row is other` : `${times}: ${wordsOf(found)}`
}

/** By how much each row differs, without what the rows below it explain. */
function ownDifferences(rows: readonly ComparedRow[]): number[] {
  const own = rows.map(({ before, after }) => after.total - before.total)
  const open: number[] = []
  for (const [at, { depth, before, after }] of rows.entries()) {
    open.length = Math.min(open.length, depth)
    const parent = open.at(-1)
    if (parent !== undefined) own[parent] = (own[parent] ?? 0) - (after.total - before.total)
    open[depth] = at
  }
  return own
}

function wordsOf({ change, service, name, statement, before, after }: ComparedRow): string {
  const what = `${short(service, 40)}: ${short(statement ?? name)}`
  if (change === 'new') return `${what} is new${after.count > 1 ? ` (${after.count} times)` : ''}`
  if (change === 'gone') return `${what} is gone`
  if (change === 'failed') return `${what} fails`
  if (change === 'mended') return `${what} no longer fails`
  if (change === 'repeated' || change === 'fewer')
    return `${what} runs ${after.count} times instead of ${before.count}`
  const [now, then] = [after.total, before.total].map((each) => durationText(each * 1e6))
  return `${what} took ${now} instead of ${then}`
}
