import type { Settings } from '../setting.ts'

const CHECKS = `import { deepStrictEqual } from 'node:assert'
import express from 'express'
import request from 'supertest'
import { tracing } from '@callchain/express'
import { expectAttributes, expectSpans } from '../../test/doc-examples/harness.ts'`
const APP = `${CHECKS}
const app = express().use(tracing())`

/** The examples of @callchain/core for applications. */
export const core: Settings = {
  'core/tenant': {
    before: `${APP}
import { tenant } from '@callchain/core'
declare global {
  namespace Express {
    interface Request { session: { tenantId: string } }
  }
}
app.use((req, _, next) => {
  req.session = { tenantId: 'acme' }
  next()
})
const ordersOf = (tenantId: string | undefined) => [tenantId]`,
    after: `await request(app).get('/orders').expect(['acme'])
await expectAttributes({ 'tenant.id': 'acme' })`,
  },
  'core/user': {
    before: `${APP}
import type { Request } from 'express'
import { user } from '@callchain/core'
type Done = (error: unknown, user?: unknown) => void
type Deserialise = (req: Request, id: string, done: Done) => void
let deserialise: Deserialise | undefined
const passport = {
  deserializeUser: (given: Deserialise) => {
    deserialise = given
  },
}
const findUser = async (id: string) => ({ id })`,
    after: `app.get('/', (req, res) => deserialise?.(req, '42', (_, found) => res.json(found)))
await request(app).get('/').expect({ id: '42' })
await expectAttributes({ 'user.id': '42' })`,
  },
  'core/keepTrace': {
    before: `${APP}
import { keepTrace } from '@callchain/core'`,
    after: `await request(app).post('/orders?support=1').expect(202)
await expectSpans('POST /orders')`,
  },
  'core/identityField': {
    before: `${APP}
import { identityField } from '@callchain/core'
app.use(express.json())`,
    after: `await request(app).post('/orders').send({ region: 'eu' }).expect(204)
await expectAttributes({ 'order.region': 'eu' })`,
  },
  'core/runWithIdentity': {
    before: `import { deepStrictEqual } from 'node:assert'
import { runWithIdentity, tenant } from '@callchain/core'
interface Job { data: { tenantId: string } }
const queue = { process: async (work: (job: Job) => unknown) => work({ data: { tenantId: 'acme' } }) }
const invoiced: unknown[] = []
const invoice = (_: Job['data']) => invoiced.push(tenant.get())`,
    after: "deepStrictEqual(invoiced, ['acme'])",
  },
  'core/setRoute': {
    before: `import Koa from 'koa'
import request from 'supertest'
import { setRoute } from '@callchain/core'
import { tracing } from '@callchain/koa'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const app = new Koa().use(tracing())`,
    after: `await request(app.callback()).get('/users/7')
await expectSpans('GET /users/:id')`,
  },
  'core/currentTrace': {
    before: `${APP}
import { currentTrace } from '@callchain/core'
app.get('/', () => {
  throw new Error('broken')
})`,
    after: `const { body } = await request(app).get('/').expect(500)
deepStrictEqual(body.traceId.length, 32)`,
  },
  'core/inRequest': {
    before: `${CHECKS}
import { createServer } from 'node:http'
import { createServerTracer, currentTrace, inRequest, runIn, traceNodeRequest } from '@callchain/core'
const key = 'order'
const seen: unknown[] = []
const log = { info: (_: object, text: string) => seen.push([text, currentTrace()?.traceId.length]) }
const cache = {
  get: (_: string, done: (error: unknown, order: object) => void) => setImmediate(done, undefined, { id: 7 }),
}
const tracer = createServerTracer()
const app = express().use((req, res) => {`,
    after: `})
const server = createServer((req, res) => {
  runIn(traceNodeRequest(tracer, req, res, { route: () => '/' }), () => app(req, res))
})
await request(server).get('/').expect({ id: 7 })
deepStrictEqual(seen, [['found', 32]])`,
  },
  'core/reentering': {
    before: `import { deepStrictEqual } from 'node:assert'
import type { IncomingMessage } from 'node:http'
import { reentering } from '@callchain/core'
const steps: unknown[] = []
const router = { use: (step: unknown) => steps.push(step) }
const middleware = (_req: IncomingMessage, _res: unknown, next: () => void) => next()`,
    after: "deepStrictEqual(steps.length, 1)\ndeepStrictEqual(step.name, 'middleware')",
  },
  'core/noteError': {
    before: `${APP}
import { noteError } from '@callchain/core'
interface Failure { error: Error; req: express.Request }
const router = {}
const createHTTPHandler = ({ onError }: { router: object; onError: (failure: Failure) => unknown }) => {
  app.get('/', (req, res) => {
    onError({ error: new RangeError('no such order'), req })
    res.sendStatus(500)
  })
}`,
    after: `await request(app).get('/').expect(500)
await expectAttributes({ 'error.type': 'RangeError' })`,
  },
}
