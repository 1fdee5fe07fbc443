import type express from 'express'
import { answer, type ExpressLine, fail, pass, type RouteRow } from './route-row.ts'

type Paths = string | RegExp | string[]

/** Routes of routers, wherever those are mounted. */
export const mountedRows: Record<string, RouteRow> = {
  'a router': row('/orgs', '/items/:id', '/orgs/items/7', '/orgs/items/:id'),
  'a router under a parameter, which it does not see': row(
    '/orgs/:org',
    '/items/:id',
    '/orgs/acme/items/7',
    '/orgs/:org/items/:id',
  ),
  'a parameter whose value is a part of the path too': row(
    '/v1/:v/v1',
    '/x',
    '/v1/v1/v1/x',
    '/v1/:v/v1/x',
  ),
  'a parameter that needs encoding': row('/orgs/:org', '/x', '/orgs/a%20b%2Fc/x', '/orgs/:org/x'),
  'a mount in another case': row('/orgs/:org', '/items', '/ORGS/acme/items', '/orgs/:org/items'),
  'two parameters in one segment of a mount': row('/:a-:b', '/x', '/1-2/x', '/:a-:b/x'),
  'a slash once where two paths meet': row('/foo/', '/v5/', '/foo/v5/', '/foo/v5/'),
  'a router under /': row('/', '/items/:id', '/items/7', '/items/:id'),
  "a router's root": row('/orgs/:org', '/', '/orgs/acme?x=1', '/orgs/:org'),
  'a router under several paths, the first': row(
    ['/t1/:x', '/t2'],
    '/items/:id',
    '/T1/q/items/7',
    '/t1/:x/items/:id',
  ),
  'a router under several paths, the last': row(
    ['/t1/:x', '/t2'],
    '/items/:id',
    '/t2/items/7',
    '/t2/items/:id',
  ),
  'a router under a regular expression': {
    build: (app, line) => app.use(/^\/v\d+/, routerOf(line, '/items/:id')),
    target: '/v12/items/7',
    route: ({ regexpMount }) => regexpMount && `${regexpMount}/items/:id`,
  },
  'routers in routers': {
    build: (app, line) => {
      const carts = line.express.Router().use('/carts/:cart', routerOf(line, '/lines/:line'))
      app.use('/shop', carts)
    },
    target: '/shop/carts/7/lines/8',
    route: '/shop/carts/:cart/lines/:line',
  },
  'a router mounted twice, at its first path': {
    build: twice,
    target: '/first/1/items/7',
    route: '/first/:a/items/:id',
  },
  'a router mounted twice, at its second path': {
    build: twice,
    target: '/second/items/7',
    route: '/second/items/:id',
  },
  'a sub-application': {
    build: (app, line) => app.use('/sub/:app', line.express().get('/x/:y', answer)),
    target: '/sub/1/x/2',
    route: '/sub/:app/x/:y',
  },
  'a sub-application beside others': {
    build: (app, { express }) => {
      app.use(express().get('/other', answer))
      app.use(['/s1/:a', '/s2/:a'], express().use('/in', express().get('/x/:y', answer)))
    },
    target: '/s2/1/in/x/2',
    route: '/s2/:a/in/x/:y',
  },
  'a sub-application that is mounted twice': {
    build: (app, { express }) => {
      const sub = express().get('/x/:y', answer)
      app.use('/one/:a', sub)
      app.use('/two', sub)
    },
    target: '/one/1/x/2',
    route: '/one/:a/x/:y',
  },
  'a sub-application in a router': {
    build: (app, { express }) => {
      const sub = express().get('/x/:y', answer)
      app.use('/sub/:app', express.Router().use('/in', sub as unknown as express.Router))
    },
    target: '/sub/1/in/x/2',
    route: '/sub/:app/in/x/:y',
  },
  'a sub-application that fails': {
    build: (app, { express }) => app.use('/sub/:app', express().get('/x/:y', fail)),
    target: '/sub/1/x/2',
    route: '/sub/:app/x/:y',
    status: 500,
  },
  'no route for what a sub-application passes on and nobody answers': {
    build: (app, { express }) => app.use('/sub/:app', express().get('/x/:y', pass)),
    target: '/sub/1/x/2',
    route: undefined,
    status: 404,
  },
  'a router made for the one request': {
    build: (app, line) => {
      app.use('/orgs/:org', (req, res, next) => routerOf(line, '/items/:id')(req, res, next))
    },
    target: '/orgs/acme/items/7',
    route: '/orgs/:org/items/:id',
  },
  'an application that a function calls': {
    build: (app, { express }) => {
      const inner = express().get('/x/:y', answer)
      app.use('/orgs/:org', (req, res) => inner(req, res))
    },
    target: '/orgs/acme/x/2',
    route: '/orgs/:org/x/:y',
  },
}

function row(mount: Paths, path: string, target: string, route: string): RouteRow {
  return { build: (app, line) => app.use(mount, routerOf(line, path)), target, route }
}

function routerOf({ express }: ExpressLine, path: string): express.Router {
  return express.Router().get(path, answer)
}

function twice(app: express.Express, line: ExpressLine): void {
  const router = routerOf(line, '/items/:id')
  app.use('/first/:a', router)
  app.use('/second', router)
}
