import assert from 'node:assert/strict'
import { inRequest, tenant } from '@callchain/core'
import { trace } from '@opentelemetry/api'
import { CALLING_TOGETHER, type Together } from './calling-together.ts'
import type { ServerPromise } from './server-promise.ts'
import { CUSTOMERS, customerOf, here, requestAll, together } from './several-customers.ts'

const [CACHE] = CALLING_TOGETHER as [Together, ...Together[]]

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
