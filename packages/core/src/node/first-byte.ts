import type { Span } from '@opentelemetry/api'
import { HTTP_TIME_TO_FIRST_BYTE } from '../http/attributes.ts'
import type { NodeResponse } from '../http/framework-request.ts'
import { responseHeader } from './response-header.ts'

const EVENTS = 'text/event-stream'

/** Whether a client asks for a stream of events, as every EventSource does. */
export function asksForEvents(accept: string | undefined): boolean {
  return accept?.includes(EVENTS) === true
}

/**
 * Notes on the span how long a stream of events took to its first byte: its duration is as long as somebody
 * reads. The response has its own `write` back with the first call.
 */
export function watchFirstByte(res: NodeResponse, span: Span): void {
  const { write } = res as { write?: unknown }
  if (typeof write !== 'function' || !span.isRecording()) return
  const isOwn = Object.hasOwn(res, 'write')
  const startedAt = performance.now()
  const own = function (this: unknown, ...args: unknown[]): unknown {
    if ((res as { write?: unknown }).write === own) {
      if (isOwn) Object.defineProperty(res, 'write', { value: write })
      else Reflect.deleteProperty(res, 'write')
    }
    if (responseHeader(res, 'content-type')?.startsWith(EVENTS) === true) {
      span.setAttribute(HTTP_TIME_TO_FIRST_BYTE, performance.now() - startedAt)
    }
    return Reflect.apply(write, this, args)
  }
  Object.defineProperty(res, 'write', { value: own, configurable: true, writable: true })
}
