import type { Context } from '@opentelemetry/api'
import { EMITTER_BINDING, TRACED_REQUEST } from '../otel/shared-keys.ts'

/** What is kept with a request that is traced, for all who meet it later. */
export interface TracedRequest {
  /** The call that serves it; its context is the request's. */
  readonly call: { readonly context: Context } | undefined
  /** The name of the middleware or hook that was entered last. */
  step: string | undefined
}

interface Marked {
  readonly emit?: { readonly [EMITTER_BINDING]?: { readonly traced?: TracedRequest | undefined } }
  [TRACED_REQUEST]?: TracedRequest
}

/**
 * What is kept with Node's own request, or a framework's, by whichever copy of this package; `undefined`
 * when it is not traced. Node's own are emitters, and it is kept with the binding of their `emit`.
 */
export function tracedRequest(req: unknown): TracedRequest | undefined {
  if (typeof req !== 'object' || req === null) return undefined
  const { emit } = req as Marked
  return emit === undefined ? (req as Marked)[TRACED_REQUEST] : emit[EMITTER_BINDING]?.traced
}

/** What was kept with an emitter that is not a request of Node's: a socket that stays open. */
export function tracedSocket(socket: object): TracedRequest | undefined {
  return (socket as Marked)[TRACED_REQUEST]
}

/**
 * Keeps something with a framework's request that is not an emitter. On the request, not in a WeakMap: what
 * that refers to survives every minor garbage collection, and with it all that belongs to the request.
 */
export function keepTraced(req: object, traced: TracedRequest): void {
  try {
    ;(req as Marked)[TRACED_REQUEST] = traced
  } catch {
    // A frozen request: it is traced, and nobody can ask for its context by it.
  }
}
