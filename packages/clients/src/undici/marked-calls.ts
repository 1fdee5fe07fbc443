import type { HttpClientRequest } from '@callchain/core'
import type { LogicalCall } from '../call/logical-call.ts'

// By the name of a header, and by its value.
const marked = new Map<string, Map<string, LogicalCall>>()

/**
 * Remembers a call by the header that holds the id of its span, until it is over. Interceptors that
 * redirect and retry send the same headers again, and do so in whatever context the socket is in.
 */
export function markCall(call: LogicalCall): void {
  const { attempt } = call
  if (attempt === undefined || !attempt.isTraced) return
  const { spanId } = attempt.clientCall.span.spanContext()
  for (const [name, value] of attempt.written) {
    if (value?.includes(spanId) !== true) continue
    const calls = marked.get(name) ?? new Map<string, LogicalCall>()
    marked.set(name, calls.set(value, call))
    call.whenClosed = () => {
      calls.delete(value)
      if (calls.size === 0 && marked.get(name) === calls) marked.delete(name)
    }
    return
  }
}

/** The call in progress that a request goes out for, by the header that it is remembered by. */
export function markedCall(request: HttpClientRequest): LogicalCall | undefined {
  for (const [name, calls] of marked) {
    const call = calls.get(request.header(name) ?? '')
    if (call !== undefined) return call
  }
  return undefined
}
