// What it costs to know the route of a request in Express 5: read from an index of the routes when the
// response ends, as @callchain/express does, or put together on the way from the router's tracing
// channel. CPU microseconds a request, in one process, without sockets. Rounds are short and take
// turns, and the middle one counts: other work on the machine then falls on all alike.
//
//   node express-routes.js [requests a round] [rounds]
import { tracingChannel } from 'node:diagnostics_channel'
import express from 'express'
import { findRoute } from '../packages/express/dist/esm/find-route.js'
import { createRouteIndexes } from '../packages/express/dist/esm/route-indexes.js'

const REQUESTS = Number(process.argv[2] ?? 2_000)
const ROUNDS = Number(process.argv[3] ?? 50)
const WARM_UP = 10
const WAY = Symbol('way')

const channel = tracingChannel('express.router.request')
const subscribers = { start: readLayer }

const shapes = {
  'one route, no middleware': { middlewares: 0, path: '/users/7', build: atRoot },
  'one route, 10 middlewares': { middlewares: 10, path: '/users/7', build: atRoot },
  'nested routers, 10 middlewares': { middlewares: 10, path: '/orgs/a/carts/b/c/7', build: nested },
  'a router mounted twice, 10 middlewares': { middlewares: 10, path: '/two/b/7', build: twice },
}

for (const [name, shape] of Object.entries(shapes)) {
  const { plain, index, channel } = measure(createApp(shape), shape.path)
  const micros = [plain, index, channel].map((samples) => median(samples).toFixed(2))
  console.log(`${name}: routing ${micros[0]} µs, index +${micros[1]}, channel +${micros[2]}`)
}

function measure(app, path) {
  const samples = { plain: [], index: [], channel: [] }
  const readIndex = createIndexReader()
  const readChannel = (req) => req[WAY].route
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const requests = []
    const plain = run(app, path, (req) => requests.push(req))
    const index = time(() => requests.forEach(readIndex))
    channel.subscribe(subscribers)
    const traced = run(app, path, readChannel)
    channel.unsubscribe(subscribers)
    if (round < 0) continue
    samples.plain.push(plain)
    samples.index.push(index)
    samples.channel.push(traced - plain)
  }
  return samples
}

function run(app, path, read) {
  return time(() => {
    for (let count = 0; count < REQUESTS; count += 1) {
      const req = { method: 'GET', url: path, headers: {} }
      app(req, { setHeader() {}, answer: () => read(req) })
    }
  })
}

function time(work) {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
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
  req[WAY] ??= { mounts: [], route: undefined }
  const way = req[WAY]
  const { mounts } = way
  while (mounts.length > 0 && !req.baseUrl.startsWith(mounts.at(-1).baseUrl)) mounts.pop()
  if ('method' in layer) way.route = mounts.map(({ pattern }) => pattern).join('') + route
  else if (route !== '/') mounts.push({ baseUrl: req.baseUrl, pattern: route })
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]
}
