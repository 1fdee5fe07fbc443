import type { SpanKind, SpanStatusCode } from '@opentelemetry/api'

/** What the conventions say something about. */
export interface CheckedSpan {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: { readonly code: SpanStatusCode }
}
