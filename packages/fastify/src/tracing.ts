import {
  createServerTracer,
  type FrameworkRequest,
  runIn,
  type ServerTracer,
  type TracingOptions,
  traceNodeRequest,
} from '@callchain/core'
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

const EXCHANGE = Symbol.for('callchain.fastify')

type Traced = FastifyRequest & { [EXCHANGE]?: RoutedRequest }

/**
 * The plugin that traces every request of a Fastify application: `await app.register(tracing)`,
 * before the routes. Hooks among the options get Fastify's request. Throws a TypeError for an option
 * that is not allowed.
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
  app.addHook('onRequest', (request, reply, next) => {
    const routed = new RoutedRequest(request, reply)
    const call = traceNodeRequest(tracer, request.raw, reply.raw, routed)
    if (call !== undefined) (request as Traced)[EXCHANGE] = routed
    runIn(call, next)
  })
  app.addHook('onError', (request, _reply, error, next) => {
    note(request, error)
    next()
  })
  app.addHook('onTimeout', (request, _reply, next) => {
    note(request, new RequestTimeout())
    next()
  })
  done()
}

function note(request: FastifyRequest, error: unknown): void {
  const exchange = (request as Traced)[EXCHANGE]
  if (exchange !== undefined) exchange.thrown ??= error
}

class RequestTimeout extends Error {
  override readonly name = 'timeout'
  constructor() {
    super('the connection was silent for longer than connectionTimeout')
  }
}

// Fastify routes before it runs hooks: the template is there from the start, and never changes.
class RoutedRequest implements FrameworkRequest {
  readonly raw: FastifyRequest
  thrown: unknown
  private readonly reply: FastifyReply

  constructor(request: FastifyRequest, reply: FastifyReply) {
    this.raw = request
    this.reply = reply
  }

  route(): string | undefined {
    return this.raw.is404 ? undefined : this.raw.routeOptions.url
  }

  error(): unknown {
    return this.thrown
  }

  responseHeader(name: string): number | string | string[] | undefined {
    return this.reply.getHeader(name)
  }
}
