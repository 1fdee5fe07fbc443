import assert from 'node:assert/strict'
import { assertSpan, type ExpectedSpan } from '../assert-span.ts'
import type { ContractHandler } from './application.ts'
import type { ServerPromise } from './server-promise.ts'

class StockError extends Error {
  override readonly name = 'StockError'
  readonly status: number
  readonly statusCode: number
  constructor(status: number) {
    super('out of stock')
    this.status = status
    this.statusCode = status
  }
}

const FAILED: ExpectedSpan = {
  name: 'GET /orgs/:org/items/:id',
  status: 'error',
  events: ['exception'],
}

const FINE: ExpectedSpan = { status: 'unset', events: [] }

function failing(
  name: string,
  handler: ContractHandler,
  status: number,
  expected: ExpectedSpan,
): ServerPromise {
  return {
    name,
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ handler })
      assert.equal((await app.get('/orgs/acme/items/7')).status, status)
      assertSpan(await serverSpan(), {
        ...expected,
        attributes: {
          'http.route': '/orgs/:org/items/:id',
          'http.response.status_code': status,
          ...expected.attributes,
        },
      })
    },
  }
}

/** Promises about what is an error, and what is not. */
export const errors: readonly ServerPromise[] = [
  failing(
    'is an error when a handler throws, with its type and one exception',
    () => {
      throw new TypeError('broken')
    },
    500,
    { ...FAILED, attributes: { 'error.type': 'TypeError' } },
  ),
  failing(
    "is an error when a handler's promise is rejected",
    async () => {
      await Promise.resolve()
      throw new RangeError('broken')
    },
    500,
    { ...FAILED, attributes: { 'error.type': 'RangeError' } },
  ),
  failing(
    'is an error when what is thrown asks for a 503',
    () => Promise.reject(new StockError(503)),
    503,
    { ...FAILED, attributes: { 'error.type': 'StockError' } },
  ),
  failing(
    'is not an error when what is thrown asks for a 400',
    () => Promise.reject(new StockError(400)),
    400,
    { ...FINE, attributes: { 'error.type': undefined } },
  ),
  failing(
    'is an error when the handler answers 503 itself',
    (request) => request.reply(503, {}),
    503,
    { ...FAILED, events: [], attributes: { 'error.type': '503' } },
  ),
  failing(
    'is not an error when the handler answers 404 itself',
    (request) => request.reply(404, {}),
    404,
    { ...FINE, attributes: { 'error.type': undefined } },
  ),
  failing(
    'is an error when what is thrown is not an Error',
    () => Promise.reject('a plain string'),
    500,
    FAILED,
  ),
  {
    name: "is not an error when the application's error handler answers 200",
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: () => Promise.reject(new StockError(500)),
        handleError: (_error, request) => request.reply(200, {}),
      })
      assert.equal((await app.get('/items/7')).status, 200)
      assertSpan(await serverSpan(), { ...FINE, attributes: { 'error.type': undefined } })
    },
  },
  {
    name: "is an error when the application's error handler answers 500",
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: () => Promise.reject(new StockError(500)),
        handleError: (_error, request) => request.reply(500, {}),
      })
      assert.equal((await app.get('/items/7')).status, 500)
      const span = await serverSpan()
      assertSpan(span, { status: 'error' })
      assert.ok(span.attributes['error.type'])
    },
  },
  {
    name: 'is not an error when a body cannot be parsed',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      const { status } = await app.get('/items', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"name":',
      })
      assert.equal(status, 400)
      assertSpan(await serverSpan(), { ...FINE, attributes: { 'error.type': undefined } })
    },
  },
  {
    name: 'keeps no description next to a status code that says it',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ handler: (request) => request.reply(500, {}) })
      await app.get('/items/7')
      assert.equal((await serverSpan()).status.message, undefined)
    },
  },
]
