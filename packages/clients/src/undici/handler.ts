import { guard } from '@callchain/core/internal'
import { leave } from '../call/call-context.ts'
import type { AbortState, LogicalCall } from '../call/logical-call.ts'
import { UndiciBody } from './body.ts'

type Method = (...args: unknown[]) => unknown
type Handler = Readonly<Record<string, Method | undefined>>

const UNDICI_6_METHODS = ['onConnect', 'onUpgrade', 'onHeaders', 'onData', 'onComplete', 'onError']

/**
 * Watches the handler of a dispatch, of undici 6 (`onHeaders`) or later (`onResponseStart`): returns a
 * handler that informs the call first, and then the application's handler.
 */
export function watchHandler<H extends object>(call: LogicalCall, handler: H, options: object): H {
  const given = handler as Handler
  const isNew = given.onRequestStart !== undefined
  const { highWaterMark } = options as { highWaterMark?: unknown }
  const Watched = isNew ? NewHandler : OldHandler
  const watched = new Watched(call, given, highWaterMark)
  // Passed on only where the application has them: undici checks whether a handler has such a method.
  if (given.onResponseStarted !== undefined) passOn(given, watched, ['onResponseStarted'])
  if (given.onRequestSent !== undefined) passOn(given, watched, ['onRequestSent'])
  if (given.onBodySent !== undefined) passOn(given, watched, ['onBodySent'])
  if (isNew && given.onConnect !== undefined) passOn(given, watched, UNDICI_6_METHODS)
  return watched as object as H
}

function passOn(given: Handler, watched: object, names: readonly string[]): void {
  for (const name of names) {
    const method = given[name]
    if (method !== undefined) (watched as Record<string, Method>)[name] = method.bind(given)
  }
}

class NewHandler {
  readonly #call: LogicalCall
  readonly #given: Handler
  readonly #body: UndiciBody

  constructor(call: LogicalCall, given: Handler, buffer: unknown) {
    this.#call = call
    this.#given = given
    this.#body = new UndiciBody(buffer)
  }

  onRequestStart(controller: unknown, context: unknown): unknown {
    this.#call.abortState = controller as AbortState
    return this.#given.onRequestStart?.(controller, context)
  }

  onRequestUpgrade(controller: unknown, status: unknown, headers: unknown, socket: unknown) {
    over(this.#call, () => upgraded(this.#call, status))
    return this.#given.onRequestUpgrade?.(controller, status, headers, socket)
  }

  onResponseStart(controller: unknown, status: unknown, headers: unknown, message: unknown) {
    guard('tracing undici', () => answered(this.#call, this.#body, status, controller))
    return this.#given.onResponseStart?.(controller, status, headers, message)
  }

  onResponseData(controller: unknown, chunk: unknown): unknown {
    const result = this.#given.onResponseData?.(controller, chunk)
    this.#body.data(chunk)
    return result
  }

  onResponseEnd(controller: unknown, trailers: unknown): unknown {
    over(this.#call, () => this.#call.attempt?.end())
    return this.#given.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: unknown, error: unknown): unknown {
    over(this.#call, () => this.#call.fail(error))
    return this.#given.onResponseError?.(controller, error)
  }
}

class OldHandler {
  readonly #call: LogicalCall
  readonly #given: Handler
  readonly #body: UndiciBody

  constructor(call: LogicalCall, given: Handler, buffer: unknown) {
    this.#call = call
    this.#given = given
    this.#body = new UndiciBody(buffer)
  }

  onConnect(abort: unknown, context: unknown): unknown {
    const aborting = { aborted: false, reason: undefined as unknown }
    this.#call.abortState = aborting
    const aborted = (reason?: unknown): unknown => {
      aborting.aborted = true
      aborting.reason = reason
      return (abort as Method)(reason)
    }
    return this.#given.onConnect?.(aborted, context)
  }

  onUpgrade(status: unknown, headers: unknown, socket: unknown): unknown {
    over(this.#call, () => upgraded(this.#call, status))
    return this.#given.onUpgrade?.(status, headers, socket)
  }

  onHeaders(status: unknown, headers: unknown, resume: unknown, message: unknown): unknown {
    guard('tracing undici', () => answered(this.#call, this.#body, status))
    const goOn = (): unknown => {
      this.#body.heldBack = false
      return (resume as Method)()
    }
    return this.#given.onHeaders?.(status, headers, goOn, message)
  }

  onData(chunk: unknown): unknown {
    const result = this.#given.onData?.(chunk)
    this.#body.heldBack = result === false
    this.#body.data(chunk)
    return result
  }

  onComplete(trailers: unknown): unknown {
    over(this.#call, () => this.#call.attempt?.end())
    return this.#given.onComplete?.(trailers)
  }

  onError(error: unknown): unknown {
    over(this.#call, () => this.#call.fail(error))
    return this.#given.onError?.(error)
  }
}

function over(call: LogicalCall, end: () => void): void {
  guard('tracing undici', () => {
    leave(call)
    end()
  })
}

function answered(
  call: LogicalCall,
  body: UndiciBody,
  status: unknown,
  controller?: unknown,
): void {
  if (call.isAnsweredFromCache()) call.attempt?.discard()
  else body.begin(call, status, controller)
}

function upgraded({ attempt }: LogicalCall, status: unknown): void {
  attempt?.headers(Number(status))
  attempt?.end()
}
