import { RECORDER_OBSERVERS } from '@callchain/core/internal'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** Is told of each span of a recorder. */
export interface SpanObserver {
  started(key: object, read: () => ReadableSpan): void
  /** With the key that it began with. */
  ended(key: object, span: ReadableSpan): void
}

/** Who is told of the spans of every recorder, of the ESM and the CommonJS copy of this package. */
export function observersOfAll(): Set<SpanObserver> {
  const shared = globalThis as { [RECORDER_OBSERVERS]?: Set<SpanObserver> }
  shared[RECORDER_OBSERVERS] ??= new Set()
  return shared[RECORDER_OBSERVERS]
}
