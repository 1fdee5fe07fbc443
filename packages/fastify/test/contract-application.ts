import { tracing } from '@callchain/fastify'
import type {
  BuiltApplication,
  ContractApplication,
  ContractRequest,
  ContractRouter,
} from '@callchain/testing'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Builds the contract's application on a line of Fastify. */
export async function createFastifyApp(
  app: FastifyInstance,
  application: ContractApplication,
): Promise<BuiltApplication> {
  for (const options of application.tracing) await app.register(tracing, options)
  const { handleError } = application
  if (handleError !== undefined) {
    app.setErrorHandler((error, request, reply) =>
      handleError(error, contractRequest(request, reply)),
    )
  }
  app.addContentTypeParser('application/octet-stream', (_request, _body, done) => done(null))
  for (const middleware of application.middlewares) {
    app.addHook('preHandler', (request, reply, done) =>
      middleware(contractRequest(request, reply), done as (error?: unknown) => void),
    )
  }
  app.addHook('preHandler', async (request, reply) => {
    if (await application.authenticate(contractRequest(request, reply))) return reply
  })
  await app.register(plugin({ path: '', ...application }))
  await app.ready()
  return { listener: app.routing, close: () => app.close() }
}

function plugin({ routes, routers }: ContractRouter) {
  return async (app: FastifyInstance): Promise<void> => {
    for (const { method, path, handler } of routes) {
      app.route({
        method,
        url: path,
        handler: (request, reply) => handler(contractRequest(request, reply)),
      })
    }
    for (const inner of routers) await app.register(plugin(inner), { prefix: inner.path })
  }
}

function contractRequest(request: FastifyRequest, reply: FastifyReply): ContractRequest {
  return {
    params: request.params as Record<string, string>,
    raw: request.raw,
    native: request,
    body: request.body,
    reply: (status, json) => void reply.code(status).send(json),
    stream: (body) => void reply.send(body),
    takeOver: () => {
      reply.hijack()
      return reply.raw
    },
  }
}
