// The same small application in each framework: /ok/:id, /boom, /stream, /hang, and 404 for the rest.
import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'

const END = '#end#'

function requireFrom(name) {
  return createRequire(new URL(`../../packages/${name}/package.json`, import.meta.url))
}

async function stream(res) {
  res.writeHead(200, { 'content-type': 'text/plain' })
  for (let chunk = 0; chunk < 3; chunk += 1) {
    res.write('chunk')
    await turn()
  }
  res.end()
}

// Answers in part and then waits for the client to leave.
function hang(res) {
  res.writeHead(200, { 'content-type': 'text/plain' })
  res.write('hanging')
}

async function express() {
  const framework = requireFrom('express')('express')
  const { tracing } = await import('@callchain/express')
  const app = framework()
  app.use(tracing())
  app.get('/ok/:id', async (_req, res) => {
    await turn()
    res.send(END)
  })
  app.get('/boom', async () => {
    throw new TypeError('boom')
  })
  app.get('/stream', (_req, res) => stream(res))
  app.get('/hang', (_req, res) => hang(res))
  app.use((_error, _req, res, _next) => res.status(500).send('failed'))
  return listening(app.listen(0, '127.0.0.1'))
}

async function koa() {
  const Koa = requireFrom('koa')('koa')
  const { Router } = requireFrom('koa')('@koa/router')
  const { tracing } = await import('@callchain/koa')
  const app = new Koa()
  app.silent = true
  app.use(tracing())
  const router = new Router()
  router.get('/ok/:id', async (ctx) => {
    await turn()
    ctx.body = END
  })
  router.get('/boom', async () => {
    throw new TypeError('boom')
  })
  router.get('/stream', (ctx) => {
    ctx.respond = false
    return stream(ctx.res)
  })
  router.get('/hang', (ctx) => {
    ctx.respond = false
    hang(ctx.res)
  })
  app.use(router.routes())
  return listening(app.listen(0, '127.0.0.1'))
}

async function fastify() {
  const app = requireFrom('fastify')('fastify')()
  const { tracing } = await import('@callchain/fastify')
  await app.register(tracing)
  app.get('/ok/:id', async () => {
    await turn()
    return END
  })
  app.get('/boom', async () => {
    throw new TypeError('boom')
  })
  app.get('/stream', (_request, reply) => {
    reply.hijack()
    return stream(reply.raw)
  })
  app.get('/hang', (_request, reply) => {
    reply.hijack()
    hang(reply.raw)
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app.server.address().port
}

async function node() {
  const { createServer } = await import('node:http')
  const { noteError, setRoute } = await import('@callchain/core')
  const { traceServer } = await import('@callchain/node')
  const serve = async (req, res) => {
    if (!req.url.startsWith('/ok/')) return respond[req.url]?.(res) ?? res.writeHead(404).end()
    setRoute('/ok/:id')
    await turn()
    res.end(END)
  }
  const respond = {
    '/boom': (res) => {
      noteError(new TypeError('boom'))
      return res.writeHead(500).end('failed')
    },
    '/stream': stream,
    '/hang': (res) => {
      hang(res)
      return res
    },
  }
  return listening(traceServer(createServer(serve)).listen(0, '127.0.0.1'))
}

async function hono() {
  const { Hono } = requireFrom('hono')('hono')
  const { streamText } = requireFrom('hono')('hono/streaming')
  const { serve } = requireFrom('hono')('@hono/node-server')
  const { tracing } = await import('@callchain/hono')
  const app = new Hono()
  app.use(tracing())
  app.onError((_error, c) => c.text('failed', 500))
  app.get('/ok/:id', async (c) => {
    await turn()
    return c.text(END)
  })
  app.get('/boom', () => {
    throw new TypeError('boom')
  })
  app.get('/stream', (c) =>
    streamText(c, async (stream) => {
      for (let chunk = 0; chunk < 3; chunk += 1) {
        await stream.write('chunk')
        await turn()
      }
    }),
  )
  app.get('/hang', (c) =>
    streamText(c, async (stream) => {
      await stream.write('hanging')
      await new Promise((resolve) => stream.onAbort(resolve))
    }),
  )
  return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }))
}

async function nest() {
  const require = requireFrom('nest')
  require('reflect-metadata')
  const { Controller, Get, Module, Param, Res } = require('@nestjs/common')
  const { NestFactory } = require('@nestjs/core')
  const { ExpressAdapter } = require('@nestjs/platform-express')
  const { tracing } = await import('@callchain/express')
  const { TracingModule } = await import('@callchain/nest')
  class Soak {
    async ok() {
      await turn()
      return END
    }
    boom() {
      throw new TypeError('boom')
    }
    stream(res) {
      return stream(res)
    }
    hang(res) {
      hang(res)
    }
  }
  // What decorators do, in plain JavaScript.
  const handles = (name, path, ...parameters) => {
    Reflect.defineMetadata('design:paramtypes', [Object], Soak.prototype, name)
    for (const decorate of parameters) decorate(Soak.prototype, name, 0)
    Get(path)(Soak.prototype, name, Object.getOwnPropertyDescriptor(Soak.prototype, name))
  }
  handles('ok', 'ok/:id', Param('id'))
  handles('boom', 'boom')
  handles('stream', 'stream', Res())
  handles('hang', 'hang', Res())
  Controller()(Soak)
  class Application {}
  Module({ imports: [TracingModule.forRoot(tracing)], controllers: [Soak] })(Application)
  const app = await NestFactory.create(Application, new ExpressAdapter(), { logger: false })
  await app.listen(0, '127.0.0.1')
  return app.getHttpServer().address().port
}

function listening(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => resolve(server.address().port))
  })
}

export const applications = { express, koa, fastify, node, hono, nest }
