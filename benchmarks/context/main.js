// What it costs that each step of a request enters the request's context where it was lost: microseconds
// of CPU of a traced request whose steps do, and of one whose steps do not, in one process and without
// sockets. Sends its samples to the process that has forked it with their number.
import { EventEmitter } from 'node:events'
import { tracing as traceExpress } from '@callchain/express'
import { tracing as traceFastify } from '@callchain/fastify'
import { tracing as traceKoa } from '@callchain/koa'
import { startTracing } from '@callchain/sdk'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { median } from '../harness/statistics.js'

/** Middleware, or hooks, and the handler. */
const STEPS = { Express: 12, Koa: 11, Fastify: 6 }
const REQUESTS = 5_000
const TURN = 50
const socket = Object.assign(new EventEmitter(), { remoteAddress: '127.0.0.1', remotePort: 4711 })
const rounds = Number(process.argv[2])

const tracing = startTracing({ serviceName: 'benchmark', exporter: 'none' })
const pairs = {
  Express: [expressApp(hide), expressApp((router) => router)],
  Koa: [koaApp(true), koaApp(false)],
  Fastify: [await fastifyApp(asItIs), await fastifyApp((step) => step)],
}
const samples = Object.fromEntries(Object.keys(pairs).map((name) => [name, []]))
// The first rounds only warm up.
for (let round = -3; round < rounds; round += 1) {
  for (const [name, pair] of Object.entries(pairs)) {
    const [base, entering] = await microsPerRequest(pair)
    if (round >= 0) samples[name].push({ base, added: entering - base })
  }
}
await tracing.shutdown()

process.send({ steps: STEPS, samples }, () => process.disconnect())

/** By short turns, of which the middle one counts: what else the machine does falls on few of them. */
async function microsPerRequest(pair) {
  const turns = pair.map(() => [])
  for (let sent = 0; sent < REQUESTS; sent += TURN) {
    for (const [index, serve] of pair.entries()) {
      const before = process.cpuUsage()
      await Promise.all(Array.from({ length: TURN }, () => serveOne(serve)))
      const { user, system } = process.cpuUsage(before)
      turns[index].push((user + system) / TURN)
    }
  }
  return turns.map(median)
}

function serveOne(serve) {
  return new Promise((resolve) => {
    const req = Object.assign(new EventEmitter(), {
      method: 'GET',
      url: '/orders/7',
      headers: { host: 'orders' },
      httpVersion: '1.1',
      httpVersionMajor: 1,
      socket,
    })
    const res = Object.assign(new EventEmitter(), { setHeader() {}, getHeader() {} })
    req.answer = () => {
      res.emit('close')
      resolve()
    }
    serve(req, res)
  })
}

// A router that a function calls by itself cannot be looked into: its steps stay as they are.
function hide(router) {
  return (req, res, next) => router(req, res, next)
}

function expressApp(shown) {
  const router = express.Router().use(traceExpress())
  for (let step = 1; step < STEPS.Express; step += 1) router.use((_req, _res, next) => next())
  router.get('/orders/:id', (req) => req.answer())
  return express().disable('x-powered-by').use(shown(router))
}

function koaApp(isHidden) {
  const app = new Koa()
  const steps = Array.from({ length: STEPS.Koa - 1 }, () => (_ctx, next) => next())
  const list = [traceKoa(), ...steps, answerKoa]
  // Middleware that is composed by itself is not in the application's list.
  if (isHidden) app.use(app.compose(list))
  else for (const step of list) app.use(step)
  return app.callback()
}

function answerKoa(ctx) {
  ctx.respond = false
  ctx.req.answer()
}

// A step that is marked so is taken for one that enters the context already.
function asItIs(step) {
  return Object.assign(step, { [Symbol.for('callchain.reentering')]: true })
}

async function fastifyApp(mark) {
  const app = fastify()
  await app.register(traceFastify)
  for (let step = 1; step < STEPS.Fastify; step += 1) {
    app.addHook(
      'preHandler',
      mark((_request, _reply, done) => done()),
    )
  }
  app.get(
    '/orders/:id',
    mark((request, reply) => {
      reply.hijack()
      request.raw.answer()
    }),
  )
  await app.ready()
  return app.routing
}
