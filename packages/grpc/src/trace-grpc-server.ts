import { EventEmitter } from 'node:events'
import { types } from 'node:util'
import { bindEmitter, TRACED_GRPC_SERVER } from '@callchain/core/internal'
import type { Server } from '@grpc/grpc-js'
import { type Context, context } from '@opentelemetry/api'
import { type HandledCall, handledCall } from './served-call.ts'

type Register = (
  name: string,
  handler: Handler,
  serialize: Serialize,
  ...rest: unknown[]
) => boolean
type Handler = (call: unknown, respond?: Respond) => unknown
type Respond = (error: unknown, ...rest: unknown[]) => unknown
type Serialize = (value: unknown) => Buffer

/**
 * Traces the handlers that are registered on a server from now on, whose calls `tracing()` has opened a
 * span for: what a handler throws, rejects with or hands to its callback is recorded when the status is
 * an error of the server's; listeners of the call, those of `cancelled` among them, run in its context;
 * and `inRequest(call, …)` finds it. Call it before `addService()`. Returns the same server.
 */
export function traceGrpcServer<T extends Pick<Server, 'register'>>(server: T): T {
  const marked = server as { [TRACED_GRPC_SERVER]?: boolean }
  if (marked[TRACED_GRPC_SERVER]) return server
  const register = server.register as Register
  const traced: Register = function (this: T, name, handler, serialize, ...rest) {
    return register.call(this, name, tracedHandler(handler), tracedSerialize(serialize), ...rest)
  }
  Object.defineProperty(server, TRACED_GRPC_SERVER, { value: true })
  server.register = traced as T['register']
  return server
}

// Not an arrow function: a handler may want the `this` that it was bound to.
function tracedHandler(handler: Handler): Handler {
  return function (this: unknown, call, respond) {
    const home = context.active()
    const handled = handledCall(home)
    if (handled === undefined) return handler.call(this, call, respond)
    if (call instanceof EventEmitter) bind(call, home, handled)
    const note = (error: unknown): void => {
      handled.error = error
    }
    const answer: Respond | undefined =
      respond &&
      ((error, ...rest) => {
        if (error) note(error)
        return respond(error, ...rest)
      })
    return noteFailure(() => handler.call(this, call, answer), note)
  }
}

function noteFailure(handle: () => unknown, note: (error: unknown) => void): unknown {
  const noteAndThrow = (error: unknown): never => {
    note(error)
    throw error
  }
  try {
    const result = handle()
    // Who waits for it, or nobody, gets the same rejection.
    return types.isPromise(result) ? result.catch(noteAndThrow) : result
  } catch (error) {
    return noteAndThrow(error)
  }
}

// A stream is ended with a status by its event 'error'; a listener of ours would count as handling it.
function bind(call: EventEmitter, home: Context, handled: HandledCall): void {
  const watch = (event: string | symbol, first: unknown): void => {
    if (event === 'error') handled.error = first
  }
  bindEmitter(call, home, { watch }, false, { call: { context: home }, step: undefined })
}

function tracedSerialize(serialize: Serialize): Serialize {
  return (value) => {
    try {
      return serialize(value)
    } catch (error) {
      const handled = handledCall(context.active())
      if (handled !== undefined) Object.assign(handled, { error, isUnwritable: true })
      throw error
    }
  }
}
