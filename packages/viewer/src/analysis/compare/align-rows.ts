import type { ComparedRow, ComparedSide, RowChange } from '../../contract/comparison.ts'
import { ERROR, KINDS, type SpanRow } from '../../model/rows.ts'
import { byStart } from '../../trace/circles.ts'
import { childrenOf } from '../../trace/self-time.ts'
import { isStatement, statementKeyOf } from '../../trace/span-type.ts'
import { groupKey } from '../../trace/trace-facts.ts'
import { spanOf, type TraceRecord } from '../../trace/trace-record.ts'

/** The spans of each of several traces that fall into one row. */
type PerTrace = readonly (readonly SpanRow[])[]

interface Group {
  readonly before: SpanRow[][]
  readonly after: SpanRow[][]
  readonly first: SpanRow
}

interface Side {
  readonly records: readonly TraceRecord[]
  readonly children: readonly ReadonlyMap<string, readonly SpanRow[]>[]
}

const MAX_ROWS = 2000
const MAX_DEPTH = 200
/** A row must differ by this factor, and by so many nanoseconds, to be slower. */
const FACTOR = 1.5
const MIN_NANOS = 1e6

/**
 * The rows of two sides, each of one trace or more: spans of the same service, kind and name (or statement) below
 * the same row are one row, however many they are. A span is found by where it is called from, not by its order.
 */
export function alignRows(
  before: readonly TraceRecord[],
  after: readonly TraceRecord[],
): ComparedRow[] {
  const sides = { before: sideOf(before), after: sideOf(after) }
  const tops = groupsOf(topsOf(before), topsOf(after))
  const rows: ComparedRow[] = []
  const stack = matchedTops(tops)
    .reverse()
    .map((group) => ({ group, depth: 0 }))
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { group, depth } = next
    rows.push(rowOf(group, depth))
    if (rows.length >= MAX_ROWS) break
    if (depth >= MAX_DEPTH) continue
    const inner = groupsOf(below(group.before, sides.before), below(group.after, sides.after))
    for (const each of inner.reverse()) stack.push({ group: each, depth: depth + 1 })
  }
  return rows
}

function sideOf(records: readonly TraceRecord[]): Side {
  // A copy: what is kept of the last trace alone is another after the next.
  return { records, children: records.map((record) => new Map(childrenOf(record))) }
}

function topsOf(records: readonly TraceRecord[]): SpanRow[][] {
  return records.map((record) => {
    const tops = record.spans.filter(
      ({ parent }) => parent === '' || spanOf(record, parent) === undefined,
    )
    return tops.sort(byStart)
  })
}

/** Two traces are compared from their roots on, whatever these are called. */
function matchedTops(groups: Group[]): Group[] {
  const isOne = (lists: PerTrace): boolean => lists.some((list) => list.length > 0)
  const [gone] = groups.filter((group) => !isOne(group.after))
  const [made] = groups.filter((group) => !isOne(group.before))
  if (gone === undefined || made === undefined || groups.length !== 2) return groups
  return [{ before: gone.before, after: made.after, first: made.first }]
}

function below(spans: PerTrace, { children }: Side): SpanRow[][] {
  return spans.map((list, at) =>
    list.flatMap(({ id }) => children[at]?.get(id) ?? []).sort(byStart),
  )
}

function groupsOf(before: SpanRow[][], after: SpanRow[][]): Group[] {
  const groups = new Map<string, Group>()
  const add = (lists: SpanRow[][], side: 'before' | 'after'): void => {
    for (const [at, list] of lists.entries())
      for (const span of list) {
        const key = keyOf(span)
        const group = groups.get(key) ?? {
          ...{ first: span, before: before.map(() => []), after: after.map(() => []) },
        }
        groups.set(key, group)
        group[side][at]?.push(span)
      }
  }
  add(after, 'after')
  add(before, 'before')
  return [...groups.values()]
}

// A number in a path is an id, which is another in each request.
const IDS =
  /(?<=[/:=#])\d+(?=$|[/\s?&])|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-f]*\d)[0-9a-f]{16,}/gi

function keyOf(span: SpanRow): string {
  const { resource, kind, name } = span
  const what = isStatement(span) ? groupKey(span) : name.replace(IDS, '#')
  return `${kind} ${resource.service}\n${what}`
}

function rowOf(group: Group, depth: number): ComparedRow {
  const { first } = group
  const [before, after] = [sideFigures(group.before), sideFigures(group.after)]
  return {
    depth,
    service: first.resource.service,
    name: first.name,
    kind: KINDS[first.kind] ?? 'unspecified',
    statement: isStatement(first) ? statementKeyOf(first) : undefined,
    before,
    after,
    change: changeOf(before, after),
    span: first.id,
  }
}

/** Of several traces, the median of each figure. */
function sideFigures(lists: PerTrace): ComparedSide {
  return {
    count: median(lists.map((list) => list.length)),
    total: median(lists.map((list) => list.reduce((sum, { duration }) => sum + duration, 0))) / 1e6,
    errors: median(lists.map((list) => list.filter(({ status }) => status === ERROR).length)),
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1] ?? 0
}

function changeOf(before: ComparedSide, after: ComparedSide): RowChange | undefined {
  if (before.count === 0 && after.count > 0) return 'new'
  if (after.count === 0) return before.count > 0 ? 'gone' : undefined
  if (after.errors > 0 && before.errors === 0) return 'failed'
  if (before.errors > 0 && after.errors === 0) return 'mended'
  if (after.count > before.count) return 'repeated'
  if (after.count < before.count) return 'fewer'
  const difference = (after.total - before.total) * 1e6
  if (difference >= MIN_NANOS && after.total >= before.total * FACTOR) return 'slower'
  if (-difference >= MIN_NANOS && before.total >= after.total * FACTOR) return 'faster'
  return undefined
}
