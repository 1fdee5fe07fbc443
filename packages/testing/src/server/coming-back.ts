import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { runWithIdentity, tenant } from '@callchain/core'
import { trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { CALLING_TOGETHER, type Together } from './calling-together.ts'
import type { ServerPromise } from './server-promise.ts'
import { CUSTOMERS, customerOf, here, requestAll, together } from './several-customers.ts'

const [CACHE, , , OUTSIDE] = CALLING_TOGETHER as [Together, Together, Together, Together]

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
