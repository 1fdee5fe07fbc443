import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type {
  ChangesAnswer,
  ComparedRow,
  Comparison,
  OperationChange,
  OperationSide,
} from '../../src/contract/comparison.ts'
import type {
  MapEdge,
  MapNode,
  Operation,
  OperationsAnswer,
  ServiceMap,
  ShortSpan,
  SpansAnswer,
} from '../../src/contract/figures.ts'
import type {
  ErrorGroup,
  ErrorsAnswer,
  SlowAnswer,
  SlowTrace,
} from '../../src/contract/findings.ts'
import type { LocalPath } from '../../src/contract/local-api.ts'
import type { LogLine, LogsAnswer } from '../../src/contract/logs.ts'
import type {
  ExportEntry,
  ForwardFigures,
  Health,
  ReceiverAnswer,
  Stats,
} from '../../src/contract/receiver.ts'
import type { StreamEvents } from '../../src/contract/stream.ts'
import type { Span, StatementGroup, Trace } from '../../src/contract/trace.ts'
import type { Scatter, TraceSummary, TracesAnswer } from '../../src/contract/trace-list.ts'
import type { ImportResult } from '../../src/contract/transfer.ts'

const page = readFileSync(join(__dirname, '../../API.md'), 'utf8')

/** Every field of a type: the compiler asks for each, and for no other. */
type Fields<Type> = Readonly<Record<keyof Required<Type>, true>>

const summary: Fields<TraceSummary> = {
  ...{ headline: true, origins: true },
  ...{ id: true, start: true, duration: true, root: true, spans: true, errors: true },
  ...{ services: true, statements: true, repeated: true, tenants: true, users: true },
  ...{ httpStatus: true, logs: true, orphans: true, rootMissing: true, late: true },
  ...{ unkept: true, updated: true },
}
const traces: Fields<TracesAnswer> = {
  ...{ traces: true, next: true, matched: true, total: true, facets: true, apart: true },
}
const scatter: Fields<Scatter> = {
  ...{ ids: true, start: true, duration: true, errors: true, service: true, name: true },
  ...{ services: true, matched: true },
}
const trace: Fields<Trace> = {
  ...{ trace: true, resources: true, scopes: true, brief: true, spans: true },
  ...{ criticalPath: true, statements: true, skew: true },
}
const span: Fields<Span> = {
  ...{ id: true, parent: true, depth: true, descendants: true, service: true, name: true },
  ...{ kind: true, type: true, offset: true, duration: true, self: true, critical: true },
  ...{
    status: true,
    statusMessage: true,
    unknown: true,
    orphan: true,
    circular: true,
    remoteParent: true,
  },
  ...{ resource: true, scope: true, attributes: true, events: true, links: true },
  ...{ message: true, linked: true },
  ...{ linkedFrom: true, summary: true, sql: true, logs: true, clipped: true, dropped: true },
}
const group: Fields<StatementGroup> = {
  ...{ system: true, text: true, normalised: true, count: true, total: true, max: true },
  ...{ share: true, errors: true, repeated: true, spans: true },
}
const spans: Fields<SpansAnswer> = { spans: true, next: true, matched: true }
const shortSpan: Fields<ShortSpan> = {
  ...{ trace: true, id: true, service: true, name: true, kind: true, type: true },
  ...{ start: true, duration: true, status: true, summary: true },
}
const operations: Fields<OperationsAnswer> = {
  ...{ operations: true, more: true, from: true, to: true, seconds: true },
}
const operation: Fields<Operation> = {
  ...{ service: true, name: true, kind: true, type: true, count: true, rate: true },
  ...{ errors: true, errorRate: true, p50: true, p95: true, p99: true, max: true },
  ...{ total: true, slowest: true, buckets: true, q: true, origins: true },
}
const errors: Fields<ErrorsAnswer> = { errors: true, more: true, matched: true }
const errorGroup: Fields<ErrorGroup> = {
  ...{ text: true, count: true, traces: true, failed: true, first: true, last: true },
  ...{ sample: true, root: true, statement: true },
}
const comparison: Fields<Comparison> = {
  ...{ before: true, after: true, of: true, usual: true, text: true, rows: true },
}
const comparedRow: Fields<ComparedRow> = {
  ...{ depth: true, service: true, name: true, kind: true, statement: true, before: true },
  ...{ after: true, change: true, span: true },
}
const changes: Fields<ChangesAnswer> = { since: true, operations: true }
const operationChange: Fields<OperationChange> = {
  ...{ service: true, name: true, kind: true, before: true, after: true, changes: true },
  ...{ isWorse: true, sample: true },
}
const operationSide: Fields<OperationSide> = {
  ...{ traces: true, spans: true, statements: true, p50: true, errors: true },
}
const slow: Fields<SlowAnswer> = { traces: true, matched: true }
const slowTrace: Fields<SlowTrace> = { trace: true, usual: true, statement: true }
const map: Fields<ServiceMap> = {
  ...{ nodes: true, edges: true, from: true, to: true, seconds: true, traces: true },
}
const numbers = {
  calls: true,
  rate: true,
  errors: true,
  errorRate: true,
  p50: true,
  p95: true,
} as const
const node: Fields<MapNode> = {
  ...{
    ...numbers,
    id: true,
    type: true,
    name: true,
    system: true,
    host: true,
    q: true,
    queue: true,
    origins: true,
  },
}
const edge: Fields<MapEdge> = {
  ...{ ...numbers, from: true, to: true, async: true, q: true, sample: true, delay: true },
}
const logs: Fields<LogsAnswer> = { logs: true, next: true, matched: true, total: true }
const logLine: Fields<LogLine> = {
  ...{ id: true, time: true, level: true, severity: true, service: true, body: true },
  ...{ attributes: true, trace: true, span: true, event: true, resource: true },
}
const receiver: Fields<ReceiverAnswer> = {
  ...{ endpoint: true, otherEndpoints: true, version: true, pid: true, started: true },
  ...{ grpcEndpoint: true, keep: true, forward: true },
  ...{ needsToken: true, exports: true, services: true, hints: true, stats: true },
}
const forward: Fields<ForwardFigures> = {
  ...{ url: true, sent: true, waiting: true, failed: true, dropped: true, fault: true },
}
const exported: Fields<ExportEntry> = {
  ...{ time: true, from: true, path: true, format: true, encoding: true, bytes: true },
  ...{ rawBytes: true, spans: true, logs: true, metrics: true, rejected: true, status: true },
  ...{ error: true, warning: true, userAgent: true, services: true, took: true },
}
const stats: Fields<Stats> = {
  ...{ spans: true, maxSpans: true, bytes: true, maxBytes: true, traces: true, logs: true },
  ...{ maxLogs: true, spansPerSecond: true, received: true, lost: true, newest: true },
  ...{ oldest: true, paused: true },
}
const imported: Fields<ImportResult> = {
  ...{ format: true, spans: true, logs: true, merged: true, known: true, rejected: true },
  ...{ traces: true, warning: true },
}
const health: Fields<Health> = { name: true, version: true, pid: true, needsToken: true }

type Json = { readonly [key: string]: Json } & { readonly [index: number]: Json }

describe('API.md', () => {
  it.each<[what: string, after: string, fields: object, find?: (json: Json) => Json | undefined]>([
    ['the list of traces', 'traces?q&from', traces],
    ['a trace in a list', '\nTraceSummary:', summary],
    ['the scatter', 'scatter?q&from', scatter],
    ['a trace', 'traces/{id}?brief`', trace],
    ['a span', '\nSpan:', span],
    ['a group of statements', '\nStatementGroup', group],
    ['the list of spans', 'local/spans?q', spans],
    ['a span in a list', 'local/spans?q', shortSpan, (json) => json.spans?.[0]],
    ['the operations', 'local/operations?q', operations],
    ['an operation', 'local/operations?q', operation, (json) => json.operations?.[0]],
    ['the errors', 'local/errors?q', errors],
    ['a kind of error', 'local/errors?q', errorGroup, (json) => json.errors?.[0]],
    ['a comparison', 'compare?with', comparison],
    ['a row of a comparison', 'compare?with', comparedRow, (json) => json.rows?.[0]],
    ['the changes', 'local/changes?since', changes],
    ['a changed operation', 'local/changes?since', operationChange, (json) => json.operations?.[0]],
    ['a side of it', 'local/changes?since', operationSide, (json) => json.operations?.[0]?.before],
    ['the slow traces', 'local/slow?q', slow],
    ['a slow trace', 'local/slow?q', slowTrace, (json) => json.traces?.[0]],
    ['the map', 'local/map?q', map],
    ['a node of the map', 'local/map?q', node, (json) => json.nodes?.[1]],
    ['an edge of the map', 'local/map?q', edge, (json) => json.edges?.[0]],
    ['the list of log lines', 'local/logs?q', logs],
    ['a log line', '\nLogLine:', logLine],
    ['the receiver', 'local/receiver`:', receiver],
    ['what is forwarded', 'local/receiver`:', forward, (json) => json.forward],
    ['an export', '\nExport, the last', exported],
    ['the statistics', 'local/stats`:', stats],
    ['an import', 'told apart by its shape', imported],
    ['the health', 'GET /health` →', health],
  ])('shows every field of %s, and no other', (_what, after, fields, find = (json) => json) => {
    const shown = find(exampleAfter(after)) ?? {}
    // These stand in the text below the example.
    const optional = new Set(['circular', 'brief', 'queue', 'delay', 'origins', 'apart'])
    const wanted = Object.keys(fields).filter((field) => !optional.has(field) || field in shown)
    expect(
      Object.keys(shown)
        .filter((field) => field !== 'took' || 'took' in fields)
        .sort(),
    ).toEqual(wanted.sort())
    for (const field of optional) if (field in fields) expect(page).toContain(`\`${field}\``)
  })

  it('names every path of the API', () => {
    const paths: Readonly<Record<LocalPath, true>> = {
      ...{ traces: true, scatter: true, 'traces/{id}': true, 'traces/{id}/spans': true },
      ...{ 'traces/{id}/spans/{span}': true, 'traces/{id}/map': true, 'traces/{id}/logs': true },
      ...{ 'traces/{id}.json': true, operations: true, map: true, spans: true, logs: true },
      ...{ keys: true, values: true, stats: true, services: true, 'trace-links': true },
      ...{ errors: true, slow: true, 'traces/{id}/compare': true, marks: true, changes: true },
      receiver: true,
    }
    for (const path of Object.keys(paths)) {
      const isNamed = ['`', '?'].some((end) => page.includes(`GET /api/local/${path}${end}`))
      expect([path, isNamed]).toEqual([path, true])
    }
  })

  it('names every event of the stream', () => {
    const events: Readonly<Record<keyof StreamEvents, true>> = {
      ...{ hello: true, traces: true, logs: true, trace: true, stats: true, receiver: true },
      cleared: true,
    }
    const rows = page.slice(page.indexOf('## Live updates')).matchAll(/^\| `(\w+)` \|/gm)
    expect([...rows].map(([, name]) => name).sort()).toEqual(Object.keys(events).sort())
  })
})

/** The first example of JSON after a text; what it has placeholders for is null. */
function exampleAfter(text: string): Json {
  const at = page.indexOf(text)
  if (at < 0) throw new Error(`API.md does not say ${text}`)
  const rest = page.slice(at)
  const block = /```json\n([\s\S]*?)```|(\{[^`]*\})`/.exec(rest)
  const json = (block?.[1] ?? block?.[2] ?? '').replace(/(?<=[:[] ?)[A-Z]\w+(?=[\],\n])/g, 'null')
  return JSON.parse(json) as Json
}
