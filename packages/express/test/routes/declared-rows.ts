import { answer, fail, pass, type RouteRow } from './route-row.ts'

/** Routes of the application itself. */
export const declaredRows: Record<string, RouteRow> = {
  'a route': {
    build: (app) => app.get('/users/:id', answer),
    target: '/users/7?x=1',
    route: '/users/:id',
  },
  'the root': { build: (app) => app.get('/', answer), target: '/', route: '/' },
  'a route in another case, as declared': {
    build: (app) => app.get('/Users/:id', answer),
    target: '/uSERS/7',
    route: '/Users/:id',
  },
  'a trailing slash that the route does not have': {
    build: (app) => app.get('/users/:id', answer),
    target: '/users/7/',
    route: '/users/:id',
  },
  'a target with an origin': {
    build: (app) => app.get(['/a/:id', '/b/:id'], answer),
    target: 'http://shop.example/b/7',
    route: '/b/:id',
  },
  'a HEAD that a GET route answers': {
    build: (app) => app.get('/users/:id', answer),
    target: 'HEAD /users/7',
    route: '/users/:id',
  },
  'app.all': { build: (app) => app.all('/any', answer), target: 'DELETE /any', route: '/any' },
  'app.route': {
    build: (app) => app.route('/books').get(answer).post(answer),
    target: 'POST /books',
    route: '/books',
  },
  'no route for an OPTIONS that Express answers itself': {
    build: (app) => app.post('/books', answer),
    target: 'OPTIONS /books',
    route: undefined,
  },
  'a route with a parameter handler': {
    build: (app) => {
      app.param('id', (_req, _res, next) => void setImmediate(next))
      app.get('/users/:id', answer)
    },
    target: '/users/7',
    route: '/users/:id',
  },
  'two parameters in one segment': {
    build: (app) => app.get('/flights/:from-:to', answer),
    target: '/flights/LAX-SFO',
    route: '/flights/:from-:to',
  },
  'a regular expression, by its source': {
    build: (app) => app.get(/^\/re\d+$/, answer),
    target: '/re12',
    route: '/^\\/re\\d+$/',
  },
  'everything below a path, as declared': {
    build: (app, { below }) => app.get(below('/files'), answer),
    target: '/files/a/b',
    route: ({ below }) => below('/files'),
  },
  'the one of several paths that matched': {
    build: (app) => app.get(['/a1/:id', '/a2/:id', /^\/a[3-4]$/], answer),
    target: '/a2/7',
    route: '/a2/:id',
  },
  'the regular expression among several paths': {
    build: (app) => app.get(['/a1/:id', '/a2/:id', /^\/a[3-4]$/], answer),
    target: '/a4',
    route: '/^\\/a[3-4]$/',
  },
  'the catch-all that a route has passed the request on to': {
    build: (app, { below }) => app.get('/users/:id', pass).get(below(''), answer),
    target: '/users/7',
    route: ({ below }) => below(''),
  },
  "the route that next('route') leads to": {
    build: (app) => {
      app.get('/users/:id', (_req, _res, next) => next('route'), fail)
      app.get('/users/:name', answer)
    },
    target: '/users/ann',
    route: '/users/:name',
  },
  'a route after middleware has rewritten the URL': {
    build: (app) => {
      app.use((req, _res, next) => {
        req.url = req.url.replace('/old', '/new')
        next()
      })
      app.get(['/new/:id', '/newer/:id'], answer)
    },
    target: '/old/7',
    route: '/new/:id',
  },
}
