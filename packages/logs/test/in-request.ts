import { createServerTracer, runIn, type TracingOptions } from '@callchain/core'

export const TRACE = '0af7651916cd43dd8448eb211c80319c'

/** Runs a callback as a request whose caller sent a trace, sampled or not, and baggage. */
export function inRequest<T>(
  baggage: string,
  callback: () => T,
  { flags = '01', ...options }: TracingOptions & { flags?: string } = {},
): T {
  const headers: Record<string, string> = {
    traceparent: `00-${TRACE}-b7ad6b7169203331-${flags}`,
    baggage,
  }
  const call = createServerTracer(options).receive({
    method: 'GET',
    target: '/',
    scheme: 'http',
    protocolVersion: '1.1',
    peerAddress: '127.0.0.1',
    peerPort: 1,
    route: undefined,
    raw: undefined,
    header: (name) => headers[name],
  })
  const result = runIn(call, callback)
  call?.send({
    statusCode: 200,
    complete: true,
    route: undefined,
    error: undefined,
    header: () => undefined,
  })
  return result
}
