import type { RecordedChain, RecordedSpan } from '../contract/recorded-chain.ts'

/** What the chains of one operation have in common. */
export interface OperationFacts {
  /** The service and the name of the span at the top: `orders GET /orders/:id`. */
  readonly operation: string
  readonly chains: number
  /** The most statements of one chain. */
  readonly statements: number
  /** The most calls to other services of one chain. */
  readonly calls: number
  /** The most runs of each statement in one chain. */
  readonly runs: ReadonlyMap<string, number>
  readonly hosts: ReadonlySet<string>
  /** What failed: `GET /orders/:id: TypeError`. */
  readonly errors: ReadonlySet<string>
  /** Names that hold what looks like an id. */
  readonly rawNames: ReadonlySet<string>
  /** The share of SERVER and CONSUMER spans that say their tenant, 0 to 1. */
  readonly tenants: number
  /** The median of the chains' durations, in milliseconds. */
  readonly median: number
}

const RAW = /\/\d+(?=\/|$|\s)|[0-9a-f]{8}-[0-9a-f]{4}-|(?=[0-9a-f]*\d)\b[0-9a-f]{16,}\b/i

/** The facts of each operation, by its name. */
export function operationFacts(chains: readonly RecordedChain[]): Map<string, OperationFacts> {
  const byOperation = new Map<string, RecordedSpan[]>()
  for (const root of chains.flatMap(({ spans }) => spans)) {
    const operation = `${root.service} ${root.name}`
    const known = byOperation.get(operation)
    if (known === undefined) byOperation.set(operation, [root])
    else known.push(root)
  }
  return new Map(
    [...byOperation].map(([operation, roots]) => [operation, factsOf(operation, roots)]),
  )
}

function factsOf(operation: string, roots: readonly RecordedSpan[]): OperationFacts {
  const each = roots.map(flatten)
  const all = each.flat()
  const entries = all.filter(({ kind }) => kind === 'server' || kind === 'consumer')
  return {
    operation,
    chains: roots.length,
    statements: most(each.map((spans) => spans.filter(isStatement).length)),
    calls: most(each.map((spans) => spans.filter(({ host }) => host !== undefined).length)),
    runs: mostRuns(each),
    hosts: new Set(all.flatMap(({ host }) => (host === undefined ? [] : [host]))),
    errors: new Set(
      all.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`])),
    ),
    rawNames: new Set(all.map(({ name }) => name).filter((name) => RAW.test(name))),
    tenants:
      entries.length === 0 ? 0 : entries.filter(({ tenant }) => tenant).length / entries.length,
    median: median(roots.map(({ duration }) => duration)),
  }
}

function flatten(span: RecordedSpan): RecordedSpan[] {
  return [span, ...span.children.flatMap(flatten)]
}

function isStatement({ statement }: RecordedSpan): boolean {
  return statement !== undefined
}

function mostRuns(chains: readonly (readonly RecordedSpan[])[]): Map<string, number> {
  const runs = new Map<string, number>()
  for (const spans of chains) {
    const own = new Map<string, number>()
    for (const { statement } of spans)
      if (statement !== undefined) own.set(statement, (own.get(statement) ?? 0) + 1)
    for (const [statement, count] of own)
      runs.set(statement, Math.max(runs.get(statement) ?? 0, count))
  }
  return runs
}

function most(counts: readonly number[]): number {
  return counts.reduce((found, count) => Math.max(found, count), 0)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [upper = 0, lower = upper] = [sorted[middle], sorted[middle - (sorted.length % 2 ? 0 : 1)]]
  return (upper + lower) / 2
}
