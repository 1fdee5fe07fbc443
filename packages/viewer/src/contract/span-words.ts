/** The kind of a span. */
export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** How a span ended. */
export type SpanStatus = 'unset' | 'ok' | 'error'

/** What a span is about. */
export type SpanType = 'http' | 'db' | 'messaging' | 'rpc' | 'other'

/** What a span does with messages. */
export type MessageStep = 'send' | 'receive' | 'process' | 'settle'
