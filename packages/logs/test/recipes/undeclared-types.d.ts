// koa-pino-logger declares no types of its own.
declare module 'koa-pino-logger' {
  import type { Middleware } from 'koa'
  import type { Logger } from 'pino'
  import type { Options } from 'pino-http'

  function logger(options?: Options): Middleware<object, { log: Logger }>
  export = logger
}
