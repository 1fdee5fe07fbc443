import type express from 'express'
import { answer, fail, pass, type RouteRow } from './route-row.ts'

const answerError: express.ErrorRequestHandler = (_error, _req, res, _next) =>
  void res.status(503).send('later')

/** Requests that more than one route or middleware has had a hand in. */
export const passingRows: Record<string, RouteRow> = {
  'no route where nothing matches': {
    build: (app) => app.get('/users/:id', answer),
    target: '/nothing',
    route: undefined,
    status: 404,
  },
  'no route where the route passes on and nobody answers': {
    build: (app) => app.get('/users/:id', pass),
    target: '/users/7',
    route: undefined,
    status: 404,
  },
  'no route where a middleware answers early': {
    build: (app) => {
      app.use((_req, res) => void res.status(401).send('no'))
      app.get('/users/:id', answer)
    },
    target: '/users/7',
    route: undefined,
    status: 401,
  },
  'the route for a middleware that answers after it': {
    build: (app) => {
      app.get('/users/:id', pass)
      app.use(answer)
    },
    target: '/users/7',
    route: '/users/:id',
  },
  'the route of a nested router for a middleware that answers after it': {
    build: (app, { express }) => {
      app.use('/orgs/:org', express.Router().get('/x/:y', pass))
      app.use(answer)
    },
    target: '/orgs/acme/x/7',
    route: '/orgs/:org/x/:y',
  },
  'the route that has answered before it passes on': {
    build: (app, { below }) => {
      app.get('/users/:id', (_req, res, next) => {
        res.send('ok')
        next()
      })
      app.get(below(''), pass)
    },
    target: '/users/7',
    route: '/users/:id',
  },
  'the route that answers while the request has passed on': {
    build: (app) => {
      app.get('/users/:id', (_req, res, next) => {
        res.write('o')
        setImmediate(() => res.end('k'))
        next()
      })
    },
    target: '/users/7',
    route: '/users/:id',
  },
  'the route that answers 404': {
    build: (app) => app.get('/users/:id', (_req, res) => void res.status(404).send('none')),
    target: '/users/7',
    route: '/users/:id',
    status: 404,
  },
  'the route that throws': {
    build: (app) => app.get('/users/:id', fail),
    target: '/users/7',
    route: '/users/:id',
    status: 500,
  },
  'the route of a nested router that throws': {
    build: (app, { express }) => app.use('/orgs/:org', express.Router().get('/x/:y', fail)),
    target: '/orgs/acme/x/7',
    route: '/orgs/:org/x/:y',
    status: 500,
  },
  'the route whose error an error handler answers': {
    build: (app, { express }) => {
      app.use('/orgs/:org', express.Router().get('/x/:y', fail))
      app.use(answerError)
    },
    target: '/orgs/acme/x/7',
    route: '/orgs/:org/x/:y',
    status: 503,
  },
  'the route of a router made for the one request, which throws': {
    build: (app, { express }) => {
      app.use('/orgs/:org', (req, res, next) => express.Router().get('/x/:y', fail)(req, res, next))
    },
    target: '/orgs/acme/x/7',
    route: '/orgs/:org/x/:y',
    status: 500,
  },
}
