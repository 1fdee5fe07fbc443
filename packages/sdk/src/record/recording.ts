import type { Attributes, TracerProvider } from '@opentelemetry/api'
import type { Sampler, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Exporters } from '../export/exporters.ts'
import type { KeepSettings } from '../keep/settings.ts'
import type { TraceDecider } from '../keep/trace-decider.ts'
import type { SpanCounts } from '../metrics/span-counts.ts'
import type { SpanRedactor } from '../redact/span-redactor.ts'

/** What makes spans, and hands those that have ended to the exporters. */
export interface Recording {
  readonly provider: TracerProvider
  /** Sends every span that has ended so far. May reject. */
  flush(): Promise<void>
  /** Sends every span that has ended so far, then stops. May reject. */
  shutdown(): Promise<void>
  /** Who decides what is kept. */
  readonly keeper: TraceDecider | undefined
}

/** What spans are made of, and who gets them. */
export interface RecordingSettings {
  /** The attributes of the process. */
  readonly resource: Attributes
  readonly sampler: Sampler
  readonly spanLimits: SpanLimits
  /** The application's own, which get each span before the exporters. */
  readonly processors: readonly SpanProcessor[]
  readonly exporters: Exporters
  /** Which traces are kept of those that `sampler` records; undefined where it decides alone. */
  readonly keep: KeepSettings | undefined
  /** What counts spans, where there are metrics. */
  readonly counts: SpanCounts | undefined
  /** What each span passes before it gets to an exporter. */
  readonly redaction: SpanRedactor
}
