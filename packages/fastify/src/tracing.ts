import {
  createServerTracer,
  inRequest,
  runIn,
  type ServerTracer,
  type TracingOptions,
  traceNodeRequest,
} from '@callchain/core'
import { followResponse } from '@callchain/core/internal'
import type { FastifyInstance, FastifyPluginCallback, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createEarlierRoutes, reenterEarlierHooks } from './reenter-earlier.ts'
import { reenterHooks } from './reenter-hooks.ts'
import { openForLogs } from './request-lines.ts'
import { createRouted, keepRouted, routedRequest } from './routed-request.ts'

/** Fastify started this timer before any hook ran: nobody is to blame for its context. */
const HANDLER_TIMEOUT = 'FST_ERR_HANDLER_TIMEOUT'

/**
 * The plugin that traces every request of a Fastify application: `await app.register(tracing)`,
 * before the routes. Hooks among the options get Fastify's request. Throws a TypeError for an option
 * that is not allowed.
 *
 * @example
 * ```ts
 * import { tracing } from '@callchain/fastify'
 *
 * const app = fastify()
 * await app.register(tracing, { ignore: (request) => request.url === '/health' })
 * app.get('/orders/:id', async (request) => request.params)
 * ```
 */
export const tracing: FastifyPluginCallback<TracingOptions<FastifyRequest>> = fastifyPlugin(
  plugin,
  {
    fastify: '>=4.24.0 <6',
    name: '@callchain/fastify',
  },
)

function plugin(
  app: FastifyInstance,
  options: TracingOptions<FastifyRequest>,
  done: (error?: Error) => void,
): void {
  let tracer: ServerTracer
  try {
    tracer = createServerTracer(options)
  } catch (error) {
    // Thrown, it would not reach who awaits `register`.
    done(error as Error)
    return
  }
  openForLogs(app, tracer)
  const earlier = createEarlierRoutes()
  app.addHook('onRequest', (request, reply, next) => {
    earlier.reenter(request)
    const routed = routedRequest(request) ?? createRouted(request)
    routed.reply = reply
    const call =
      routed.opened === undefined
        ? traceNodeRequest(tracer, request.raw, reply.raw, routed)
        : followResponse(routed.opened, reply.raw)
    if (call !== undefined) {
      routed.call = call
      keepRouted(routed)
    }
    if (call === undefined) inRequest(request.raw, next)
    else runIn(call, next)
  })
  app.addHook('onError', (request, _reply, error, next) => {
    note(request, error)
    if (error.code === HANDLER_TIMEOUT) inRequest(request.raw, next)
    else next()
  })
  app.addHook('onTimeout', (request, _reply, next) => {
    note(request, new RequestTimeout())
    inRequest(request.raw, next)
  })
  reenterEarlierHooks(app)
  reenterHooks(app, earlier.know)
  done()
}

function note(request: FastifyRequest, error: unknown): void {
  const routed = routedRequest(request)
  if (routed !== undefined) routed.thrown ??= error
}

class RequestTimeout extends Error {
  override readonly name = 'timeout'
  constructor() {
    super('the connection was idle for longer than connectionTimeout')
  }
}
