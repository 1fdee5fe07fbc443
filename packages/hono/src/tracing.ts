import type { IncomingMessage } from 'node:http'
import {
  createServerTracer,
  inRequest,
  runIn,
  type ServerCall,
  type TracingOptions,
  traceNodeRequest,
} from '@callchain/core'
import { keepTraced, tracedRequest } from '@callchain/core/internal'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { HonoRequest } from './hono-request.ts'
import { nodeExchange } from './runtime.ts'
import { answerWeb, WebRequest } from './web-request.ts'

/**
 * Makes the middleware that traces every request of a Hono application: `app.use(tracing())`, before
 * the others. On Node, with `@hono/node-server`, and on Bun and Deno. Hooks among the options get Hono's
 * context. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { tracing } from '@callchain/hono'
 *
 * const app = new Hono()
 * app.use(tracing({ ignore: (c) => c.req.path === '/health' }))
 * app.get('/orders/:id', (c) => c.json({ order: c.req.param('id') }))
 * ```
 */
export function tracing(options?: TracingOptions<Context>): MiddlewareHandler {
  const tracer = createServerTracer(options)
  return async function callchain(c, next) {
    if (tracedRequest(c.req) !== undefined) return inRequest(c.req, next)
    const request = new HonoRequest(c)
    const node = nodeExchange(c)
    if (node !== undefined) {
      const call = traceNodeRequest(tracer, node.incoming, node.outgoing, request)
      return serve(request, call, next, node.incoming)
    }
    const call = tracer.receive(new WebRequest(c))
    try {
      await serve(request, call, next)
    } catch (error) {
      call?.send(request.brokenOff())
      throw error
    }
    if (call === undefined) return
    const { traceResponse } = call
    if (traceResponse !== undefined) c.header('server-timing', traceResponse, { append: true })
    answerWeb(call, c, request)
  }
}

async function serve(
  request: HonoRequest,
  call: ServerCall | undefined,
  next: Next,
  incoming?: IncomingMessage,
): Promise<void> {
  // By it `inRequest(c, …)` and `tenant.set(…, c)` find the request.
  if (call !== undefined) keepTraced(request.raw.req, { call, step: undefined })
  try {
    await (call === undefined ? inRequest(incoming, next) : runIn(call, next))
  } catch (error) {
    request.thrown = error
    throw error
  }
}
