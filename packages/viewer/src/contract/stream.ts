import type { LogLine } from './logs.ts'
import type { ExportEntry, Hint, Stats } from './receiver.ts'
import type { TraceSummary } from './trace-list.ts'

/** The events of `GET /api/local/stream`, and the data of each. */
export interface StreamEvents {
  readonly hello: { readonly version: string; readonly stats: Stats }
  readonly traces: {
    readonly traces: readonly TraceSummary[]
    readonly removed: readonly string[]
    readonly more: number
  }
  readonly logs: { readonly logs: readonly LogLine[]; readonly more: number }
  readonly trace: { readonly id: string; readonly spans: number }
  readonly stats: Stats
  readonly receiver: { readonly exports: readonly ExportEntry[]; readonly hints: readonly Hint[] }
  readonly cleared: Readonly<Record<string, never>>
}

/** The parameters of the stream. */
export interface StreamParameters {
  readonly q?: string | undefined
  /** Topics with commas between them: `traces`, `stats`, `logs`, `receiver`. */
  readonly topics?: string | undefined
  /** A trace to be told of when it changes. */
  readonly trace?: string | undefined
}
