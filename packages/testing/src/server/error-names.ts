import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import { createDatabaseTracer, type DatabaseResult } from '@callchain/core'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { ServerPromise } from './server-promise.ts'
import type { ServerStage } from './stage.ts'

const SECRET = 'jane@x.example'
const MESSAGE = `Key (email)=(${SECRET}) already exists`

class OutOfStock extends Error {}
class DriverError extends Error {
  code = '23505'
}
const Anonymous = (() => class extends OutOfStock {})()

function named(type: string, thrown: () => unknown): ServerPromise {
  return {
    name: `calls an error ${type} on its statement's span and on the SERVER span`,
    check: async ({ recorder, serve, serverSpans }) => {
      const error = thrown()
      const app = await serve({ handler: () => failStatement(error, {}) })
      await app.get('/items/7')
      await serverSpans(1)
      assert.deepEqual(
        recorder.spans().map(({ attributes }) => attributes['error.type']),
        [type, type],
      )
    },
  }
}

function failStatement(error: unknown, result: DatabaseResult, thrown = error): never {
  createDatabaseTracer()
    .send({ system: 'postgresql' })
    .receive({ error, ...result })
  throw thrown
}

async function failing(
  { recorder, serve, serverSpans }: ServerStage,
  thrown: (error: Error) => unknown,
): Promise<void> {
  const error = new DriverError(MESSAGE)
  const app = await serve({ handler: () => failStatement(error, {}, thrown(error) as Error) })
  assert.equal((await app.get('/items/7')).status, 500)
  await serverSpans(1)
  for (const { attributes, events, status, kind } of recorder.spans()) {
    assert.ok(!JSON.stringify([attributes, events, status]).includes(SECRET), SpanKind[kind])
    assert.ok(events[0]?.attributes?.['exception.type'])
  }
}

function hides(what: string, thrown: (error: Error) => unknown): ServerPromise {
  return { name: `hides a database's message in ${what}`, check: (stage) => failing(stage, thrown) }
}

/** Promises that all spans call one error by one name, and hide the same of it. */
export const errorNames: readonly ServerPromise[] = [
  named('OutOfStock', () => new OutOfStock('none left')),
  {
    ...named('OutOfStock', () => new Anonymous('none left')),
    name: 'calls an error of a class without a name after the class that it extends',
  },
  {
    ...named('TypeError', () => runInNewContext('new TypeError("none left")')),
    name: 'calls an error of another realm by its class',
  },
  hides('the error itself', (error) => error),
  hides('an error that it is the cause of', (error) => new Error('not saved', { cause: error })),
  hides('one of several errors', (error) => new AggregateError([new Error('x'), error], 'both')),
  hides('an error that quotes it', ({ message }) => new Error(`Failed query: ${message}`)),
  hides('an error that keeps it as a property', (error) =>
    Object.assign(new Error(`params: ${SECRET}`), { driverError: error }),
  ),
  {
    name: "calls a database's error by its code, and shows its message where its own span does",
    check: async ({ serve, serverSpan }) => {
      const error = new DriverError(MESSAGE)
      const app = await serve({
        handler: () => failStatement(error, { statusCode: '23505', shownError: error }),
      })
      await app.get('/items/7')
      const span = await serverSpan()
      assertSpan(span, {
        status: 'error',
        events: ['exception'],
        attributes: { 'error.type': '23505' },
      })
      const { 'exception.type': type, 'exception.message': message } =
        span.events[0]?.attributes ?? {}
      assert.deepEqual([type, message], ['DriverError', MESSAGE])
    },
  },
]
