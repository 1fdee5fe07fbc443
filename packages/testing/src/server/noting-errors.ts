import assert from 'node:assert/strict'
import { noteError } from '@callchain/core'
import { assertSpan } from '../assert-span.ts'
import { CALLING_TOGETHER, type Together } from './calling-together.ts'
import type { ServerPromise } from './server-promise.ts'
import { CUSTOMERS, customerOf, requestAll, together } from './several-customers.ts'

const [CACHE] = CALLING_TOGETHER as [Together, ...Together[]]

/** Promises about errors that the application answers, and tells us of. */
export const notingErrors: readonly ServerPromise[] = [
  {
    name: 'records the error that noteError() is told, where the answer is a 5xx',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: async (request) => {
          noteError(new RangeError('the first'))
          await Promise.resolve()
          assert.equal(noteError(new TypeError('out of stock')), true)
          request.reply(503, {})
        },
      })
      assert.equal((await app.get('/items/7')).status, 503)
      const span = await serverSpan()
      assertSpan(span, {
        status: 'error',
        events: ['exception'],
        attributes: { 'http.response.status_code': 503, 'error.type': 'TypeError' },
      })
      assert.equal(span.events[0]?.attributes?.['exception.message'], 'out of stock')
    },
  },
  {
    name: 'leaves out what noteError() was told, where the answer is a 4xx',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: (request) => {
          noteError(new TypeError('out of stock'))
          request.reply(409, {})
        },
      })
      assert.equal((await app.get('/items/7')).status, 409)
      assertSpan(await serverSpan(), { status: 'unset', events: [] })
    },
  },
  {
    name: 'records an error on the request that noteError() is given',
    check: async (stage) => {
      const app = await stage.serve({
        middlewares: [
          together(CACHE, (request, next) => {
            noteError(new TypeError(customerOf(request)), request.native)
            next()
          }),
        ],
        handler: (request) => request.reply(500, {}),
      })
      const spans = await requestAll(stage, app)
      for (const customer of CUSTOMERS) {
        const [event] = spans.get(customer)?.events ?? []
        assert.equal(event?.attributes?.['exception.message'], customer)
      }
    },
  },
]
