import type { TracingOptions } from '@callchain/core'
import { type DynamicModule, Inject, Module } from '@nestjs/common'
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core'
import { createNotingFilter, noteInFilter } from './noting-filter.ts'
import { NotingInterceptor } from './noting-interceptor.ts'
import { noteInGateways } from './websocket/note-in-gateways.ts'

/** `tracing` of `@callchain/express` or of `@callchain/fastify`, whichever platform Nest runs on. */
export type Tracing = (...args: never[]) => unknown

interface Given {
  readonly tracing: Tracing | undefined
  readonly options: object
}

interface Platform {
  use(middleware: unknown): unknown
  register(plugin: unknown, options: object): unknown
}

const GIVEN = Symbol('callchain.nest')

/**
 * Traces a Nest application. Imported once, in the root module, it puts the tracing of the platform that
 * Nest runs on before everything else, and sees to it that the exceptions which Nest answers itself
 * are on the span.
 *
 * @example
 * ```ts
 * import { tracing } from '@callchain/express' // or '@callchain/fastify'
 * import { TracingModule } from '@callchain/nest'
 *
 * @Module({ imports: [TracingModule.forRoot(tracing)], controllers: [OrdersController] })
 * export class AppModule {}
 * ```
 */
export class TracingModule {
  private readonly config: ApplicationConfig

  /** Called by Nest. */
  constructor(
    host: HttpAdapterHost,
    config: ApplicationConfig,
    given: Given,
    modules: ModulesContainer,
  ) {
    this.config = config
    install(host, given)
    config.useGlobalFilters(createNotingFilter(host))
    const interceptor = new NotingInterceptor()
    config.useGlobalInterceptors(interceptor)
    noteInGateways(modules, interceptor)
  }

  /**
   * The module with the tracing of the platform, and its options: those of `tracing()`, whose hooks get
   * the platform's request. A wrong one throws a TypeError when the application starts. Leave it out
   * where the platform is traced already, as a `FastifyAdapter` should be.
   */
  static forRoot<Request>(tracing?: Tracing, options: TracingOptions<Request> = {}): DynamicModule {
    return moduleWith({ tracing, options })
  }

  /** Called by Nest, when every filter is known and no route is registered yet. */
  configure(): void {
    for (const filter of this.config.getGlobalFilters()) noteInFilter(filter)
  }
}

// Not in the class: a bundler gives a class that names itself another name, which Nest's log shows.
function moduleWith(given: Given): DynamicModule {
  const { tracing } = given
  if (tracing !== undefined && typeof tracing !== 'function') {
    throw new TypeError(
      'callchain: TracingModule.forRoot() needs tracing of @callchain/express or @callchain/fastify',
    )
  }
  return { module: TracingModule, providers: [{ provide: GIVEN, useValue: given }] }
}

Module({})(TracingModule)
for (const [index, token] of [
  HttpAdapterHost,
  ApplicationConfig,
  GIVEN,
  ModulesContainer,
].entries()) {
  Inject(token)(TracingModule, undefined, index)
}

function install({ httpAdapter }: HttpAdapterHost, { tracing, options }: Given): void {
  const type = httpAdapter?.getType()
  if (tracing === undefined || (type !== 'express' && type !== 'fastify')) return
  const platform: Platform = httpAdapter.getInstance()
  // A plugin of Fastify's is called by Fastify; for Express it makes a middleware.
  if (type === 'fastify') platform.register(tracing, options)
  else platform.use(tracing(options as never))
}
