import type { OperationFacts } from './operation-facts.ts'

/** What can change, in the order of its weight. */
export const CHANGE_KINDS = [
  'operations',
  'errors',
  'tenant',
  'statements',
  'repeated',
  'calls',
  'hosts',
  'names',
  'duration',
] as const

/** A kind of change. */
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** One thing that is other than before. */
export interface Change {
  readonly kind: ChangeKind
  readonly operation: string
  /** Whether it is worse, or may be; else it is better, or just different. */
  readonly isWorse: boolean
  /** A short sentence in Markdown: `statements 3 → **41**`. */
  readonly text: string
}

/** A statement that is run as often in one chain is called repeated. */
const REPEATED_FROM = 3
/** A median must differ by this factor, and by so many milliseconds, to be worth a line. */
const SLOWER_BY = 1.5
const SLOWER_BY_MILLIS = 10

/** What changed between two runs, operation by operation, the weightiest first. */
export function compareOperations(
  base: ReadonlyMap<string, OperationFacts>,
  head: ReadonlyMap<string, OperationFacts>,
): Change[] {
  const changes: Change[] = []
  for (const [operation, after] of head) {
    const before = base.get(operation)
    if (before === undefined) changes.push(...whatIsNew(after))
    else changes.push(...whatChanged(before, after))
  }
  for (const operation of base.keys())
    if (!head.has(operation))
      changes.push({ kind: 'operations', operation, isWorse: true, text: 'is gone' })
  return changes.sort(
    (a, b) =>
      Number(b.isWorse) - Number(a.isWorse) ||
      CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind) ||
      (a.operation < b.operation ? -1 : 1),
  )
}

function whatIsNew({ operation, statements, calls, rawNames }: OperationFacts): Change[] {
  const text = `is new: ${plural(statements, 'statement')}, ${plural(calls, 'call')}`
  return [
    { kind: 'operations', operation, isWorse: false, text },
    ...[...rawNames].map(
      (name): Change => ({
        kind: 'names',
        operation,
        isWorse: true,
        text: `the name \`${name}\` holds what looks like an id`,
      }),
    ),
  ]
}

function whatChanged(before: OperationFacts, after: OperationFacts): Change[] {
  const { operation } = after
  const make = (kind: ChangeKind, isWorse: boolean, text: string): Change => ({
    ...{ kind, operation, isWorse, text },
  })
  return [
    ...added(before.errors, after.errors).map((error) =>
      make('errors', true, `new error: \`${error}\``),
    ),
    ...added(after.errors, before.errors).map((error) =>
      make('errors', false, `no longer fails: \`${error}\``),
    ),
    ...tenantChange(before, after, make),
    ...countChange('statements', before.statements, after.statements, make),
    ...repeatedChanges(before, after, make),
    ...countChange('calls', before.calls, after.calls, make),
    ...added(before.hosts, after.hosts).map((host) => make('hosts', true, `new host: \`${host}\``)),
    ...added(after.hosts, before.hosts).map((host) =>
      make('hosts', false, `no longer calls \`${host}\``),
    ),
    ...added(before.rawNames, after.rawNames).map((name) =>
      make('names', true, `the name \`${name}\` holds what looks like an id`),
    ),
    ...durationChange(before, after, make),
  ]
}

type Make = (kind: ChangeKind, isWorse: boolean, text: string) => Change

function tenantChange(before: OperationFacts, after: OperationFacts, make: Make): Change[] {
  if (after.tenants >= before.tenants) return []
  const lost = Math.round((1 - after.tenants) * 100)
  const had = Math.round((1 - before.tenants) * 100)
  return [make('tenant', true, `tenant missing on **${lost} %** of its entry spans (was ${had} %)`)]
}

function countChange(kind: ChangeKind, before: number, after: number, make: Make): Change[] {
  if (before === after) return []
  const isWorse = after > before
  return [make(kind, isWorse, `${kind} ${before} → ${isWorse ? `**${after}**` : after}`)]
}

function repeatedChanges(before: OperationFacts, after: OperationFacts, make: Make): Change[] {
  return [...after.runs].flatMap(([statement, count]) => {
    const had = before.runs.get(statement) ?? 0
    if (count <= had || count < REPEATED_FROM) return []
    return [
      make(
        'repeated',
        true,
        `runs ${had} → **${count}** times in one chain: \`${cut(statement)}\``,
      ),
    ]
  })
}

function durationChange(before: OperationFacts, after: OperationFacts, make: Make): Change[] {
  const [slow, fast] = [
    Math.max(before.median, after.median),
    Math.min(before.median, after.median),
  ]
  if (slow < fast * SLOWER_BY || slow - fast < SLOWER_BY_MILLIS) return []
  const text = `median ${before.median.toFixed(0)} → ${after.median.toFixed(0)} ms (a hint: machines differ)`
  return [make('duration', false, text)]
}

function added(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  return [...after].filter((each) => !before.has(each)).sort()
}

function cut(text: string): string {
  const plain = text.replaceAll('`', "'")
  return plain.length > 120 ? `${plain.slice(0, 119)}…` : plain
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
