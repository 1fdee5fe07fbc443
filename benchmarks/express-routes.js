// What it costs to know the route of a request in Express 5: read from an index of the routes when the
// response ends, as @callchain/express does, or put together on the way from the router's tracing
// channel. CPU microseconds a request, in one process, without sockets.
//
//   node express-routes.js [requests] [rounds]
import { tracingChannel } from 'node:diagnostics_channel'
import express from 'express'
import { findRoute } from '../packages/express/dist/esm/find-route.js'
import { createRouteIndexes } from '../packages/express/dist/esm/route-indexes.js'

const REQUESTS = Number(process.argv[2] ?? 50_000)
const ROUNDS = Number(process.argv[3] ?? 15)
const WAY = Symbol('way')

const channel = tracingChannel('express.router.request')
const subscribers = { start: readLayer }

const shapes = {
  'one route, no middleware': { middlewares: 0, path: '/users/7', build: atRoot },
  'one route, 10 middlewares': { middlewares: 10, path: '/users/7', build: atRoot },
  'nested routers, 10 middlewares': { middlewares: 10, path: '/orgs/a/carts/b/c/7', build: nested },
  'a router mounted twice, 10 middlewares': { middlewares: 10, path: '/two/b/7', build: twice },
}

const ways = {
  nothing: { read: () => undefined },
  index: { read: createIndexReader() },
  channel: { read: (req) => req[WAY].route, subscribed: true },
}

for (const [name, shape] of Object.entries(shapes)) {
  const samples = measure(createApp(shape), shape.path)
  const base = median(samples.nothing)
  const added = (way) => median(samples[way].map((micros, at) => micros - samples.nothing[at]))
  console.log(
    `${name}: ${base.toFixed(2)} µs; index +${added('index').toFixed(2)}, channel +${added('channel').toFixed(2)}`,
  )
}

function measure(app, path) {
  const samples = { nothing: [], index: [], channel: [] }
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      if (way.subscribed) channel.subscribe(subscribers)
      const micros = run(app, path, way.read)
      if (way.subscribed) channel.unsubscribe(subscribers)
      if (round > 0) samples[name].push(micros)
    }
  }
  return samples
}

function run(app, path, read) {
  const routes = new Set()
  const before = process.cpuUsage()
  for (let count = 0; count < REQUESTS; count += 1) {
    const req = { method: 'GET', url: path, headers: {} }
    const res = { setHeader() {}, answer: () => routes.add(read(req)) }
    app(req, res)
  }
  const { user, system } = process.cpuUsage(before)
  if (routes.size !== 1) throw new Error(`one route expected: ${[...routes]}`)
  return (user + system) / REQUESTS
}

function createApp({ middlewares, build }) {
  const app = express()
  for (let count = 0; count < middlewares; count += 1) app.use((_req, _res, next) => next())
  build(app)
  return app
}

function answer(_req, res) {
  res.answer()
}

function atRoot(app) {
  app.get('/users/:id', answer)
}

function nested(app) {
  const carts = express.Router().get('/c/:id', answer)
  app.use('/orgs/:org', express.Router().use('/carts/:cart', carts))
}

function twice(app) {
  const router = express.Router().get('/:id', answer)
  app.use('/one/:a', router)
  app.use('/two/:a', router)
}

function createIndexReader() {
  const indexes = createRouteIndexes()
  return ({ route, baseUrl, url, app }) =>
    findRoute(indexes, { route, baseUrl, url, entered: app, app })
}

// The channel gives the pattern of each layer: those of the mounts that the request is still below,
// and the route's own, make the route.
function readLayer({ req, layer, route }) {
  const way = (req[WAY] ??= { mounts: [], route: undefined })
  const { mounts } = way
  while (mounts.length > 0 && !req.baseUrl.startsWith(mounts.at(-1).baseUrl)) mounts.pop()
  if ('method' in layer) way.route = mounts.map(({ pattern }) => pattern).join('') + route
  else if (route !== '/') mounts.push({ baseUrl: req.baseUrl, pattern: route })
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]
}
