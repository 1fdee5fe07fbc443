import type { AbortState, LogicalCall } from '../call/logical-call.ts'
import { UndiciBody } from './body.ts'
import { answered, completed, failed, upgraded } from './outcome.ts'

type Method = (...args: unknown[]) => unknown
type Handler = Readonly<Record<string, Method | undefined>>

const UNDICI_6_METHODS = ['onConnect', 'onUpgrade', 'onHeaders', 'onData', 'onComplete', 'onError']

/**
 * Watches the handler of a dispatch, of undici 6 (`onHeaders`) or later (`onResponseStart`): returns a
 * handler that informs the call first, and then the application's handler. `dispatch` gets it.
 */
export function watchHandler<H extends object>(
  call: LogicalCall,
  handler: H,
  options: object,
  dispatch: { readonly name: string },
): H {
  const given = handler as Handler
  const isNew = given.onRequestStart !== undefined && !isTranslated(given, dispatch)
  const { highWaterMark } = options as { highWaterMark?: unknown }
  const Watched = isNew ? NewHandler : OldHandler
  const watched = new Watched(call, given, highWaterMark)
  // Passed on only where the application has them: undici checks whether a handler has such a method.
  if (given.onRequestSent !== undefined) passOn(given, watched, ['onRequestSent'])
  if (given.onBodySent !== undefined) passOn(given, watched, ['onBodySent'])
  if (isNew && given.onConnect !== undefined) passOn(given, watched, UNDICI_6_METHODS)
  return watched as object as H
}

/**
 * Whether undici 7 has put its translator around a handler of undici 6, for us alone: a dispatcher takes
 * such a handler as it is, and else would have every header translated there and back.
 */
function isTranslated(given: Handler, dispatch: { readonly name: string }): boolean {
  if (given.onConnect === undefined || given.onHeaders === undefined) return false
  // Of a dispatcher itself: another interceptor would be an arrow function without a name.
  if (dispatch.name !== 'bound dispatch') return false
  const { wrap } = given.constructor as { wrap?: unknown }
  return typeof wrap === 'function' && given.constructor?.name === 'WrapHandler'
}

function passOn(given: Handler, watched: object, names: readonly string[]): void {
  for (const name of names) {
    const method = given[name]
    if (method !== undefined) (watched as Record<string, Method>)[name] = method.bind(given)
  }
}

class NewHandler {
  private readonly call: LogicalCall
  private readonly given: Handler
  private readonly body: UndiciBody

  constructor(call: LogicalCall, given: Handler, buffer: unknown) {
    this.call = call
    this.given = given
    this.body = new UndiciBody(buffer)
  }

  onRequestStart(controller: unknown, context: unknown): unknown {
    this.call.abortState = controller as AbortState
    return this.given.onRequestStart?.(controller, context)
  }

  onRequestUpgrade(controller: unknown, status: unknown, headers: unknown, socket: unknown) {
    upgraded(this.call, status)
    return this.given.onRequestUpgrade?.(controller, status, headers, socket)
  }

  onResponseStart(controller: unknown, status: unknown, headers: unknown, message: unknown) {
    answered(this.call, this.body, status, controller)
    return this.given.onResponseStart?.(controller, status, headers, message)
  }

  onResponseStarted(): unknown {
    return this.given.onResponseStarted?.()
  }

  onResponseData(controller: unknown, chunk: unknown): unknown {
    const result = this.given.onResponseData?.(controller, chunk)
    this.body.data(chunk)
    return result
  }

  onResponseEnd(controller: unknown, trailers: unknown): unknown {
    completed(this.call)
    return this.given.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: unknown, error: unknown): unknown {
    failed(this.call, error)
    return this.given.onResponseError?.(controller, error)
  }
}

class OldHandler implements AbortState {
  aborted = false
  reason: unknown = undefined
  private readonly call: LogicalCall
  private readonly given: Handler
  private readonly body: UndiciBody

  constructor(call: LogicalCall, given: Handler, buffer: unknown) {
    this.call = call
    this.given = given
    this.body = new UndiciBody(buffer)
  }

  onConnect(abort: unknown, context: unknown): unknown {
    this.aborted = false
    this.reason = undefined
    this.call.abortState = this
    const aborted = (reason?: unknown): unknown => {
      this.aborted = true
      this.reason = reason
      return (abort as Method)(reason)
    }
    return this.given.onConnect?.(aborted, context)
  }

  onUpgrade(status: unknown, headers: unknown, socket: unknown): unknown {
    upgraded(this.call, status)
    return this.given.onUpgrade?.(status, headers, socket)
  }

  onHeaders(status: unknown, headers: unknown, resume: unknown, message: unknown): unknown {
    answered(this.call, this.body, status)
    const { body } = this
    const goOn = (): unknown => {
      body.heldBack = false
      return (resume as Method)()
    }
    return this.given.onHeaders?.(status, headers, goOn, message)
  }

  onResponseStarted(): unknown {
    return this.given.onResponseStarted?.()
  }

  onData(chunk: unknown): unknown {
    const result = this.given.onData?.(chunk)
    this.body.heldBack = result === false
    this.body.data(chunk)
    return result
  }

  onComplete(trailers: unknown): unknown {
    completed(this.call)
    return this.given.onComplete?.(trailers)
  }

  onError(error: unknown): unknown {
    failed(this.call, error)
    return this.given.onError?.(error)
  }
}
