import type { Attributes, Value } from './value.ts'

/** A log line. `time` in milliseconds since 1970. */
export interface LogLine {
  readonly id: number
  readonly time: number
  readonly level?: string | undefined
  /** OTLP's severity number. */
  readonly severity?: number | undefined
  readonly service: string
  readonly body: Value
  readonly attributes: Attributes
  readonly trace?: string | undefined
  readonly span?: string | undefined
  readonly event?: string | undefined
  readonly resource: Attributes
}

/** One page of the list of log lines. */
export interface LogsAnswer {
  readonly logs: readonly LogLine[]
  readonly next: string | null
  readonly matched: number
  readonly total: number
}
