import 'reflect-metadata'
import { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { pipeline, type Readable } from 'node:stream'
import type { NodeResponse } from '@callchain/core'
import { tracing as expressTracing } from '@callchain/express'
import { tracing as fastifyTracing } from '@callchain/fastify'
import { TracingModule } from '@callchain/nest'
import type {
  BuiltApplication,
  ContractApplication,
  ContractRequest,
  ContractRoute,
  ContractRouter,
} from '@callchain/testing'
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type DynamicModule,
  Get,
  type MiddlewareConsumer,
  Module,
  Post,
  Req,
  Res,
  type Type,
} from '@nestjs/common'
import { type AbstractHttpAdapter, NestFactory, RouterModule, type Routes } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'

/** What Nest runs on. */
export type PlatformName = 'express' | 'fastify'

/** What is used of the requests of both platforms; a middleware gets Node's on Fastify. */
interface AnyRequest {
  readonly raw?: ContractRequest['raw']
  readonly params?: Record<string, string>
  readonly body?: unknown
}

interface AnyResponse {
  readonly raw?: NodeResponse
  hijack?(): void
  code?(status: number): AnyResponse
  send?(body: unknown): void
  status?(status: number): { json(body: unknown): void }
}

/** Builds the contract's application in Nest, on one of its platforms. */
export async function createNestApp(
  platform: PlatformName,
  application: ContractApplication,
): Promise<BuiltApplication> {
  const adapter =
    platform === 'express' ? expressAdapter(application) : await fastifyAdapter(application)
  const app = await NestFactory.create(rootModule(platform, application), adapter, {
    logger: false,
    abortOnError: false,
  })
  const { handleError } = application
  if (handleError !== undefined) {
    const answerError = handleError
    class Filter {
      catch(error: unknown, host: ArgumentsHost): void {
        const http = host.switchToHttp()
        answerError(error, contractRequest(http.getRequest(), http.getResponse()))
      }
    }
    Catch()(Filter)
    app.useGlobalFilters(new Filter())
  }
  await app.init()
  const instance = app.getHttpAdapter().getInstance()
  if (platform === 'fastify') await instance.ready()
  return {
    listener: platform === 'express' ? instance : instance.routing,
    close: () => app.close(),
  }
}

function expressAdapter({ http2 }: ContractApplication): AbstractHttpAdapter {
  const adapter = new ExpressAdapter()
  if (http2) speakHttp2(adapter.getInstance())
  return adapter
}

async function fastifyAdapter({
  http2,
  tracing,
}: ContractApplication): Promise<AbstractHttpAdapter> {
  const adapter = new FastifyAdapter({ http2: http2 as true })
  const fastify = adapter.getInstance()
  for (const options of tracing) await fastify.register(fastifyTracing, options)
  fastify.addContentTypeParser('application/octet-stream', (_request, _body, done) => done(null))
  return adapter as unknown as AbstractHttpAdapter
}

// Express gives its requests and responses the prototypes of HTTP/1, unless an application has others.
function speakHttp2(app: { request: object; response: object }): void {
  const { getOwnPropertyDescriptors: own, getPrototypeOf: below } = Object
  const over = (http2: object, given: object): object =>
    Object.create(Object.create(http2, own(below(given))), own(given))
  app.request = over(Http2ServerRequest.prototype, app.request)
  app.response = over(Http2ServerResponse.prototype, app.response)
}

function rootModule(platform: PlatformName, application: ContractApplication): Type {
  const imports: DynamicModule[] =
    platform === 'express'
      ? application.tracing.map((options) => TracingModule.forRoot(expressTracing, options))
      : [TracingModule.forRoot()]
  const { modules, routes } = routerModules({ path: '', ...application })
  class Root {
    configure(consumer: MiddlewareConsumer): void {
      const steps = application.middlewares.map(
        (middleware) => (req: AnyRequest, res: AnyResponse, next: (error?: unknown) => void) =>
          middleware(contractRequest(req, res), next),
      )
      const authenticate = (
        req: AnyRequest,
        res: AnyResponse,
        next: (error?: unknown) => void,
      ): void => {
        application
          .authenticate(contractRequest(req, res))
          .then((answered) => (answered ? undefined : next()), next)
      }
      consumer.apply(...steps, authenticate).forRoutes('{*path}')
    }
  }
  Module({ imports: [...imports, ...modules, RouterModule.register(routes)] })(Root)
  return Root
}

function routerModules(router: ContractRouter): { modules: Type[]; routes: Routes } {
  const module = moduleOf(router.routes)
  const inner = router.routers.map(routerModules)
  return {
    modules: [module, ...inner.flatMap(({ modules }) => modules)],
    routes: [
      { path: router.path, module, children: inner.flatMap(({ routes }) => routes) as Routes },
    ],
  }
}

function moduleOf(routes: readonly ContractRoute[]): Type {
  const controllers = routes.map(({ method, path, handler }) => {
    class Routed {
      handle(req: AnyRequest, res: AnyResponse): unknown {
        return Promise.resolve(contractRequest(req, res)).then(handler).catch(asHttpError)
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Routed.prototype, 'handle') ?? {}
    const route = method === 'GET' ? Get : Post
    route(path)(Routed.prototype, 'handle', descriptor)
    Req()(Routed.prototype, 'handle', 0)
    Res()(Routed.prototype, 'handle', 1)
    Controller()(Routed)
    return Routed
  })
  class Routes {}
  Module({ controllers })(Routes)
  return Routes
}

// Nest 12 believes the status of an error that looks like those of http-errors.
function asHttpError(error: unknown): never {
  if (error instanceof Error && 'statusCode' in error) Object.assign(error, { expose: false })
  throw error
}

function contractRequest(req: AnyRequest, res: AnyResponse): ContractRequest {
  return {
    params: req.params ?? {},
    raw: req.raw ?? (req as ContractRequest['raw']),
    native: req,
    body: req.body,
    reply: (status, json) => answer(res, status, json),
    stream: (body: Readable) => {
      if (res.send !== undefined && res.code !== undefined) res.send(body)
      else pipeline(body, res as unknown as NodeJS.WritableStream, () => {})
    },
    takeOver: () => {
      res.hijack?.()
      return res.raw ?? (res as unknown as NodeResponse)
    },
  }
}

function answer(res: AnyResponse, status: number, json: unknown): void {
  if (res.code !== undefined) res.code(status).send?.(json)
  else if (res.status !== undefined) res.status(status).json(json)
  else {
    const node = res as unknown as import('node:http').ServerResponse
    node.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  }
}
