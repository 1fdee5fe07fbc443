import { noteThrown } from '@callchain/core/internal'
import { leave } from '../call/call-context.ts'
import type { LogicalCall } from '../call/logical-call.ts'
import type { UndiciBody } from './body.ts'

/** The response is complete. */
export function completed(call: LogicalCall): void {
  try {
    leave(call)
    call.attempt?.end()
    call.letGo()
  } catch (thrown) {
    noteThrown('tracing undici', thrown)
  }
}

/** There will be no response, or no more of it. */
export function failed(call: LogicalCall, error: unknown): void {
  try {
    leave(call)
    call.fail(error)
    call.letGo()
  } catch (thrown) {
    noteThrown('tracing undici', thrown)
  }
}

/** The headers of a response came. */
export function answered(
  call: LogicalCall,
  body: UndiciBody,
  status: unknown,
  controller?: unknown,
): void {
  try {
    if (call.isAnsweredFromCache()) call.attempt?.discard()
    else body.begin(call, status, controller)
  } catch (thrown) {
    noteThrown('tracing undici', thrown)
  }
}

/** The connection belongs to the application from now on. */
export function upgraded(call: LogicalCall, status: unknown): void {
  try {
    leave(call)
    call.attempt?.headers(Number(status))
    call.attempt?.end()
    call.letGo()
  } catch (thrown) {
    noteThrown('tracing undici', thrown)
  }
}
