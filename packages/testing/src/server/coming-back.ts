import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { currentTrace, inRequest, runWithIdentity, tenant } from '@callchain/core'
import { trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { ContractMiddleware, ContractRequest } from './application.ts'
import { CALLING_TOGETHER, type Together } from './calling-together.ts'
import type { ServerPromise } from './server-promise.ts'
import type { Served, ServerStage } from './stage.ts'

const here = (): string => currentTrace()?.spanId ?? 'none'

const CUSTOMERS = ['acme', 'beta', 'corp']

const [CACHE, , , OUTSIDE] = CALLING_TOGETHER as [Together, Together, Together, Together]

function customerOf({ raw }: ContractRequest): string {
  return String(raw.headers['x-customer'])
}

/** A middleware whose callback comes back in the context of one request for all of them. */
function together(
  { create }: Together,
  call: (request: ContractRequest, next: (error?: unknown) => void) => void,
): ContractMiddleware {
  const callTogether = create(CUSTOMERS.length)
  return (request, next) => callTogether(() => call(request, next))
}

/** Requests at once, one for each customer; their spans by customer. */
async function requestAll(
  { serverSpans }: ServerStage,
  app: Served,
): Promise<Map<string, ReadableSpan>> {
  await Promise.all(
    CUSTOMERS.map((customer) =>
      app.get(`/orgs/${customer}/items/7`, { headers: { 'x-customer': customer } }),
    ),
  )
  const spans = await serverSpans(CUSTOMERS.length)
  return new Map(
    spans.map((span) => [String(span.attributes['url.path']).split('/')[2] ?? '', span]),
  )
}

function expectOwn(seen: ReadonlyMap<string, unknown>, spans: Map<string, ReadableSpan>): void {
  const own = CUSTOMERS.map((customer) => [customer, spans.get(customer)?.spanContext().spanId])
  assert.deepEqual(Object.fromEntries(seen), Object.fromEntries(own))
}

/** Promises about a middleware that calls back in the context of another request, or of none. */
export const comingBack: readonly ServerPromise[] = [
  ...CALLING_TOGETHER.map(
    (source): ServerPromise => ({
      name: `runs what follows ${source.name} in each request's own context`,
      check: async (stage) => {
        const seen = new Map<string, string>()
        const app = await stage.serve({
          middlewares: [
            together(source, (request, next) => {
              tenant.set(customerOf(request), request.native)
              next()
            }),
          ],
          handler: (request) => {
            seen.set(customerOf(request), here())
            request.reply(200, {})
          },
        })
        const spans = await requestAll(stage, app)
        expectOwn(seen, spans)
        for (const [customer, { attributes }] of spans)
          assert.equal(attributes['tenant.id'], customer)
      },
    }),
  ),
  {
    name: 'runs the next middleware in its own context as well',
    check: async (stage) => {
      const seen = new Map<string, string>()
      const app = await stage.serve({
        middlewares: [
          together(CACHE, (_request, next) => next()),
          (request, next) => {
            seen.set(customerOf(request), here())
            next()
          },
        ],
      })
      expectOwn(seen, await requestAll(stage, app))
    },
  },
  {
    name: 'runs the error handler in its own context as well',
    check: async (stage) => {
      const seen = new Map<string, string>()
      const app = await stage.serve({
        middlewares: [together(CACHE, (_request, next) => next(new RangeError('broken')))],
        handleError: (_error, request) => {
          seen.set(customerOf(request), here())
          request.reply(500, {})
        },
      })
      expectOwn(seen, await requestAll(stage, app))
    },
  },
  {
    name: 'keeps what runWithIdentity has put around what follows',
    check: async ({ serve, serverSpan }) => {
      let seen: unknown
      const app = await serve({
        middlewares: [
          (_request, next) => runWithIdentity({ 'tenant.id': 'acme' }, () => next()),
          (_request, next) => next(),
        ],
        handler: (request) => {
          seen = [tenant.get(), here()]
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      assert.deepEqual(seen, ['acme', (await serverSpan()).spanContext().spanId])
    },
  },
  {
    name: 'keeps a span that was put around what follows',
    check: async ({ serve, serverSpan }) => {
      const seen: unknown[] = []
      const app = await serve({
        middlewares: [
          (_request, next) =>
            trace.getTracer('application').startActiveSpan('inner', (span) => {
              seen.push(span.spanContext().spanId)
              span.end()
              next()
            }),
          (_request, next) => next(),
        ],
        handler: (request) => {
          seen.push(here())
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      await serverSpan()
      assert.equal(seen.length, 2)
      assert.equal(seen[1], seen[0])
    },
  },
  {
    name: "keeps the application's own AsyncLocalStorage when it enters a context again",
    check: async (stage) => {
      const storage = new AsyncLocalStorage<string>()
      const seen = new Map<string, unknown>()
      const app = await stage.serve({
        middlewares: [
          together(OUTSIDE, (request, next) => storage.run(customerOf(request), () => next())),
        ],
        handler: (request) => {
          seen.set(customerOf(request), storage.getStore())
          request.reply(200, {})
        },
      })
      await requestAll(stage, app)
      assert.deepEqual(
        Object.fromEntries(seen),
        Object.fromEntries(CUSTOMERS.map((customer) => [customer, customer])),
      )
    },
  },
]

/** Promises about code that names the request it means. */
export const namingRequests: readonly ServerPromise[] = [
  {
    name: 'runs a callback in the context of the request that inRequest is given',
    check: async (stage) => {
      const seen = new Map<string, string>()
      const app = await stage.serve({
        middlewares: [
          together(CACHE, (request, next) => {
            const mine = [request.native, request.raw].map((named) => inRequest(named, here))
            inRequest(request.native, () => {
              seen.set(customerOf(request), [...new Set(mine), here()].join())
              next()
            })
          }),
        ],
      })
      const spans = await requestAll(stage, app)
      for (const customer of CUSTOMERS) {
        const { spanId } = spans.get(customer)?.spanContext() ?? {}
        assert.equal(seen.get(customer), `${spanId},${spanId}`)
      }
    },
  },
  {
    name: 'leaves an inner span active when inRequest is given the request that is current',
    check: async ({ serve, serverSpan }) => {
      let seen: unknown
      const app = await serve({
        handler: (request) => {
          const tracer = trace.getTracer('application')
          seen = tracer.startActiveSpan('inner', (span) => {
            span.end()
            return inRequest(request.native, here) === span.spanContext().spanId
          })
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      await serverSpan()
      assert.equal(seen, true)
    },
  },
  {
    name: 'leaves the context as it is when inRequest is given something unknown',
    check: async ({ serve, serverSpan }) => {
      let seen: unknown[] = []
      const app = await serve({
        handler: (request) => {
          seen = [{}, null, undefined, 7].map((unknown) => inRequest(unknown, here))
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      const { spanId } = (await serverSpan()).spanContext()
      assert.deepEqual(seen, Array(4).fill(spanId))
    },
  },
  {
    name: 'reports a tenant that code sets twice to different values',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: (request) => {
          for (const value of ['acme', 'acme', 'beta']) tenant.set(value, request.native)
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      const { attributes, events } = await serverSpan()
      assert.equal(attributes['tenant.id'], 'beta')
      assert.deepEqual(
        events.map(({ name, attributes }) => [
          name,
          attributes?.['callchain.identity.kept'],
          attributes?.['callchain.identity.dropped'],
        ]),
        [['callchain.identity.conflict', 'beta', 'acme']],
      )
    },
  },
]
