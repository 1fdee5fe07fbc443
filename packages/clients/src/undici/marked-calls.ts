import type { EditedRequest } from '../call/edited-request.ts'
import type { LogicalCall } from '../call/logical-call.ts'

/** By its `traceparent`. */
const marked = new Map<string, LogicalCall>()
/** In other formats: by the name of a header, and by its value. */
const markedByOthers = new Map<string, Map<string, LogicalCall>>()

/**
 * Remembers a call by the header that holds the id of its span, until it is over. Interceptors that
 * redirect and retry send the same headers again, and do so in whatever context the socket is in.
 */
export function markCall(call: LogicalCall): void {
  const { attempt } = call
  if (attempt === undefined || !attempt.isTraced) return
  const { traceparent } = attempt.written
  if (typeof traceparent === 'string') {
    marked.set(traceparent, call)
    call.mark = traceparent
    call.whenClosed = unmark
  } else markByOthers(call)
}

// Unless another call has the mark by now.
function unmark(call: LogicalCall): void {
  const { mark } = call
  if (mark !== undefined && marked.get(mark) === call) marked.delete(mark)
}

function markByOthers(call: LogicalCall): void {
  const spanId = call.attempt?.clientCall.span.spanContext().spanId ?? ''
  call.attempt?.written.some((name, value) => {
    if (value?.includes(spanId) !== true) return false
    const calls = markedByOthers.get(name) ?? new Map<string, LogicalCall>()
    markedByOthers.set(name, calls.set(value, call))
    call.whenClosed = () => {
      calls.delete(value)
      if (calls.size === 0 && markedByOthers.get(name) === calls) markedByOthers.delete(name)
    }
    return true
  })
}

/** The call in progress that a request goes out for, by the header that it is remembered by. */
export function markedCall({ headers }: EditedRequest): LogicalCall | undefined {
  if (marked.size > 0) {
    const call = marked.get(headers.header('traceparent') ?? '')
    if (call !== undefined) return call
  }
  for (const [name, calls] of markedByOthers) {
    const call = calls.get(headers.header(name) ?? '')
    if (call !== undefined) return call
  }
  return undefined
}
