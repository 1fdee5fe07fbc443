import { createContextKey } from '@opentelemetry/api'

// Keys are made from published names, so every copy of a package agrees on them. The first four are
// OpenTelemetry's own; importing them from @opentelemetry/core would pull an SDK line into core.
export const SPAN_KEY: symbol = createContextKey('OpenTelemetry Context Key SPAN')
export const BAGGAGE_KEY: symbol = createContextKey('OpenTelemetry Baggage Key')
export const RPC_METADATA_KEY: symbol = createContextKey(
  'OpenTelemetry SDK Context Key RPC_METADATA',
)
export const SUPPRESS_TRACING_KEY: symbol = createContextKey(
  'OpenTelemetry SDK Context Key SUPPRESS_TRACING',
)

export const SCOPE_KEY: symbol = createContextKey('callchain scope')
/** True in the context of a span that joins an untrusted caller's trace id: the root sampler decides. */
export const EDGE_JOIN_KEY: symbol = createContextKey('callchain edge join')
