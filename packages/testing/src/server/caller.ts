/** What a caller that traces sends. */
export const CALLER = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
} as const

/** The caller's `traceparent`, with the flags given: sampled by default. */
export function callerTraceparent(flags = '01'): string {
  return `00-${CALLER.traceId}-${CALLER.spanId}-${flags}`
}
