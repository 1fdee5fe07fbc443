import type { Attributes, TracerProvider } from '@opentelemetry/api'
import type { Sampler, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Exporters } from '../export/exporters.ts'
import type { SpanRedactor } from '../redact/span-redactor.ts'

/** What makes spans, and hands those that have ended to the exporters. */
export interface Recording {
  readonly provider: TracerProvider
  /** Sends every span that has ended so far. May reject. */
  flush(): Promise<void>
  /** Sends every span that has ended so far, then stops. May reject. */
  shutdown(): Promise<void>
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
  /** What each span passes before it gets to an exporter. */
  readonly redaction: SpanRedactor
}
