import { diag } from '@opentelemetry/api'
import type { BoundValues } from './parameters.ts'
import type { StatementDetails } from './tracer.ts'

/** A statement for a database that no wrapper knows. */
export interface TracedQuery {
  /**
   * `db.system.name`, as the conventions spell it: `sqlite`, `microsoft.sql_server`, `clickhouse`.
   * It says how literals are written; for an unknown name, a text is read in the way that hides most.
   */
  system: string
  /**
   * The statement. Every literal in it becomes `?`, unless `values` are bound to it. Of a system that
   * does not speak SQL, the span does not show it: see docs/databases.md.
   */
  text?: string
  /** The values that are bound to it. The span does not show them, unless `captureParameters` says so. */
  values?: BoundValues
  /** What it does to what, for the span's name. Default: made out of `text`. */
  summary?: string
  /** `db.operation.name`; not for SQL, where the text says it. */
  operation?: string
  /** `db.collection.name`; not for SQL. */
  collection?: string
  /** `db.namespace`: the database. */
  namespace?: string
  serverAddress?: string
  serverPort?: number
  /** How many operations are sent as one. */
  batchSize?: number
}

/** What a span can say of a query, whatever the application's own code has put into it. */
export interface ReadQuery {
  readonly system: string
  readonly text: string | undefined
  readonly values: BoundValues | undefined
  readonly details: StatementDetails
}

/** The conventions' name for a database that is not on their list. */
const OTHER_SYSTEM = 'other_sql'
/** The span would not show more of a statement. */
const MAX_READ_BYTES = 131_072

/**
 * Reads a query field by field. A field of another type than it may have, or whose getter throws, is
 * left out: nothing here may keep a statement from being sent.
 */
export function readQuery(query: TracedQuery): ReadQuery {
  const fields = ((query as unknown) ?? {}) as Fields
  return {
    system: name(fields, 'system') ?? OTHER_SYSTEM,
    text: text(field(fields, 'text')),
    // Its own checks are where it is used.
    values: (field(fields, 'values') ?? undefined) as BoundValues | undefined,
    details: {
      summary: name(fields, 'summary'),
      operation: name(fields, 'operation'),
      collection: name(fields, 'collection'),
      namespace: name(fields, 'namespace'),
      serverAddress: name(fields, 'serverAddress'),
      serverPort: whole(fields, 'serverPort', 65_535),
      batchSize: whole(fields, 'batchSize', Number.MAX_SAFE_INTEGER),
    },
  }
}

type Fields = Readonly<Record<string, unknown>>

function field(fields: Fields, name: keyof TracedQuery): unknown {
  try {
    return fields[name]
  } catch (error) {
    diag.error(`callchain: ${name} of a traced query threw`, error)
    return undefined
  }
}

function name(fields: Fields, key: keyof TracedQuery): string | undefined {
  const value = field(fields, key)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function whole(fields: Fields, key: keyof TracedQuery, most: number): number | undefined {
  const value = field(fields, key)
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most
    ? Number(value)
    : undefined
}

// Some drivers take bytes.
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!(value instanceof Uint8Array)) return undefined
  return Buffer.from(
    value.buffer,
    value.byteOffset,
    Math.min(value.length, MAX_READ_BYTES),
  ).toString()
}
