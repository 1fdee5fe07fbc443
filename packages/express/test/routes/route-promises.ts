import { tracing } from '@callchain/express'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTracedServer, type TracedServer } from '../traced-server.ts'
import { declaredRows } from './declared-rows.ts'
import { mountedRows } from './mounted-rows.ts'
import { passingRows } from './passing-rows.ts'
import { answer, type ExpressLine, type RouteRow } from './route-row.ts'

/** Declares what a line of Express must tell about its routes. */
export function routePromises(line: ExpressLine): void {
  describe(`the route of a request to ${line.name}`, () => {
    let server: TracedServer

    beforeAll(async () => {
      server = await startTracedServer()
    })
    afterAll(() => server.close())

    const rows = Object.entries({ ...declaredRows, ...mountedRows, ...passingRows })
    it.each(rows)('is %s', async (_title, { build, target, route, status = 200 }: RouteRow) => {
      const app = line.express().set('env', 'test')
      app.use(tracing())
      build(app, line)
      server.listener = app
      const [method, path] = target.includes(' ') ? target.split(' ') : ['GET', target]
      const expected = typeof route === 'function' ? route(line) : route
      // What is learned from a first request must not mislead the second.
      for (let times = 0; times < 2; times++) {
        const span = await server.send(String(method), String(path))
        expect(server.answer.status).toBe(status)
        expect(span.attributes['http.route']).toBe(expected)
        expect(span.name).toBe(expected === undefined ? method : `${method} ${expected}`)
      }
    })

    it('is found in a router that is mounted, or gets a route, after the first request', async () => {
      const app = line.express()
      app.use(tracing())
      const late = line.express.Router().get('/first', answer)
      app.use('/orgs/:org', late)
      server.listener = app
      await server.send('GET', '/orgs/acme/first')
      late.get('/second', answer)
      app.use('/later/:id', line.express.Router().get('/third', answer))
      app.use('/again', late)
      const routes = []
      for (const path of ['/orgs/acme/second', '/later/7/third', '/again/first', '/orgs/1/first']) {
        routes.push((await server.send('GET', path)).attributes['http.route'])
      }
      expect(routes).toEqual([
        '/orgs/:org/second',
        '/later/:id/third',
        '/again/first',
        '/orgs/:org/first',
      ])
    })

    it('is whole when tracing begins in a router', async () => {
      const app = line.express()
      const router = line.express.Router()
      router.use(tracing(), tracing())
      app.use('/orgs/:org', router.get('/x/:y', answer))
      server.listener = app
      const span = await server.send('GET', '/orgs/acme/x/7')
      expect(span.name).toBe('GET /orgs/:org/x/:y')
      expect(span.attributes['url.path']).toBe('/orgs/acme/x/7')
    })

    it('is whole when tracing begins in a sub-application', async () => {
      const app = line.express()
      const sub = line.express()
      sub.use(tracing())
      app.use('/sub/:app', sub.get('/x/:y', answer))
      server.listener = app
      expect((await server.send('GET', '/sub/1/x/7')).name).toBe('GET /sub/:app/x/:y')
    })
  })
}
