import type { IncomingMessage, RequestListener } from 'node:http'
import { createServerTracer, runIn, type TracingOptions, traceNodeRequest } from '@callchain/core'

const errors = new WeakMap<IncomingMessage, unknown>()

/** Tells the span of a request what made it fail, where the framework answers the error itself. */
export function noteError(req: IncomingMessage, error: unknown): void {
  errors.set(req, error)
}

/** Traces whatever serves requests of node:http. Throws a TypeError for an option that is not allowed. */
export function traceListener(
  listener: (...request: Parameters<RequestListener>) => unknown,
  options?: TracingOptions<IncomingMessage>,
): RequestListener {
  const tracer = createServerTracer(options)
  return (req, res) => {
    const call = traceNodeRequest(tracer, req, res, {
      raw: req,
      route: () => undefined,
      error: () => errors.get(req),
    })
    const note = (error: unknown): never => {
      noteError(req, error)
      throw error
    }
    return runIn(call, () => {
      try {
        const done = listener(req, res)
        return done instanceof Promise ? done.catch(note) : done
      } catch (error) {
        return note(error)
      }
    })
  }
}
