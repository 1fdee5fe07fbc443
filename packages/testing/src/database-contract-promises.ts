import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { context, type Span, SpanKind, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { assertSpan } from './assert-span.ts'
import type { ContractPromise } from './contract.ts'
import type {
  ConnectedDriver,
  DatabaseStage,
  ExpectedStatement,
} from './database-contract-stage.ts'
import { createMetricRecorder } from './metric-recorder.ts'

const SECRET = 'sesame-4711'

/** What every wrapper of a database driver promises. */
export const databasePromises: Readonly<Record<string, readonly ContractPromise<DatabaseStage>[]>> =
  {
    'names and describes': [
      {
        name: 'makes one CLIENT span for each statement, with its name and the required attributes',
        check: async ({ connect, recorder, database }) => {
          const driver = await connect()
          await driver.read('a')
          const [span, ...others] = await recorder.waitFor(1)
          assert.deepEqual(others, [])
          assertSpan(known(span), {
            ...database.read(),
            kind: SpanKind.CLIENT,
            status: 'unset',
            events: [],
            parentSpanId: undefined,
          })
        },
      },
      {
        name: 'marks a refused statement as failed, with the code of the server, and still rejects',
        check: async ({ connect, recorder, database }) => {
          const driver = await connect()
          await assert.rejects(driver.fail(SECRET))
          const [span] = await recorder.waitFor(1)
          const expected = database.fail()
          const code = expected.attributes['db.response.status_code']
          assert.ok(code !== undefined)
          assertSpan(known(span), {
            ...expected,
            status: 'error',
            events: ['exception'],
            attributes: { ...expected.attributes, 'error.type': code },
          })
        },
      },
      {
        name: 'shows neither bound values nor the messages that quote them',
        check: async ({ connect, recorder }) => {
          const driver = await connect()
          await driver.read(SECRET)
          await assert.rejects(driver.fail(SECRET))
          const spans = await recorder.waitFor(2)
          for (const { name, attributes, status, events } of spans) {
            const shown = JSON.stringify({ name, attributes, status, events })
            assert.ok(!shown.includes(SECRET), shown)
          }
        },
      },
    ],
    measures: [
      {
        name: 'measures the duration of each statement, with what its span says but the text',
        check: async ({ connect, database }) => {
          const driver = await connect()
          const metrics = createMetricRecorder()
          try {
            await driver.read('a')
            await assert.rejects(driver.fail(SECRET))
            const points = await metrics.points('db.client.operation.duration')
            const [read, fail] = [measured(database.read()), measured(database.fail())]
            const code = fail['db.response.status_code']
            assert.deepEqual(
              points.map(({ attributes }) => attributes),
              [read, { ...fail, 'error.type': code }],
            )
            assert.deepEqual(points[0]?.boundaries, [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10])
          } finally {
            await metrics.shutdown()
          }
        },
      },
    ],
    'keeps contexts apart': [
      {
        name: 'gives each statement the parent it was sent by when they wait for one connection',
        check: async ({ connect, recorder }) => {
          const driver = await connect()
          const requests = ['A', 'B', 'C'].map((name) =>
            withinSpan(name, async (span) => {
              await driver.read(name)
              assert.equal(trace.getActiveSpan(), span, 'the context after the await')
            }),
          )
          await Promise.all(requests)
          await assertParents(recorder.waitFor(6))
        },
      },
      {
        name: 'runs each callback in the context it was given in when they wait for one connection',
        check: async ({ connect, recorder }) => {
          const driver = await connect()
          const { readThen } = driver
          if (readThen === undefined) return
          const storage = new AsyncLocalStorage<string>()
          const requests = ['A', 'B', 'C'].map((name) =>
            storage.run(name, () =>
              withinSpan(name, async (span) => {
                await readByCallback({ readThen }, name, () => {
                  assert.equal(trace.getActiveSpan(), span, 'the context of the callback')
                  assert.equal(storage.getStore(), name, "the application's own storage")
                })
              }),
            ),
          )
          await Promise.all(requests)
          await assertParents(recorder.waitFor(6))
        },
      },
    ],
    'leaves the application alone': [
      {
        name: 'changes nothing when it is asked to trace twice',
        check: async ({ connect, recorder }) => {
          const driver = await connect({ trace: 2 })
          await driver.read('a')
          await recorder.settled()
          assert.equal((await recorder.waitFor(1)).length, 1)
        },
      },
      {
        name: 'traces the instance it was given and no other',
        check: async ({ connect, recorder }) => {
          const [traced, untraced] = [await connect(), await connect({ trace: 0 })]
          assert.deepEqual(await untraced.read('a'), await traced.read('a'))
          assert.equal((await recorder.waitFor(1)).length, 1)
        },
      },
      {
        name: 'gives the same results and the same errors as without it',
        check: async ({ connect }) => {
          const [traced, untraced] = [await connect(), await connect({ trace: 0 })]
          assert.deepEqual(await traced.read('a'), await untraced.read('a'))
          assert.deepEqual(await errorOf(traced), await errorOf(untraced))
        },
      },
      {
        name: 'makes no span where tracing is switched off',
        check: async ({ connect, recorder }) => {
          const driver = await connect()
          await context.with(suppressTracing(context.active()), () => driver.read('a'))
          await driver.read('b')
          assert.equal((await recorder.waitFor(1)).length, 1)
        },
      },
    ],
  }

/** Runs a request of its own. */
function withinSpan<T>(name: string, run: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('contract').startActiveSpan(name, async (span) => {
    try {
      return await run(span)
    } finally {
      span.end()
    }
  })
}

function readByCallback(
  driver: Pick<Required<ConnectedDriver>, 'readThen'>,
  key: string,
  check: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    driver.readThen(key, (error) => {
      try {
        check()
        if (error) reject(error)
        else resolve()
      } catch (failed) {
        reject(failed)
      }
    })
  })
}

async function assertParents(waiting: Promise<ReadableSpan[]>): Promise<void> {
  const spans = await waiting
  const requests = spans.filter(({ kind }) => kind === SpanKind.INTERNAL)
  const parents = spans
    .filter(({ kind }) => kind === SpanKind.CLIENT)
    .map(({ parentSpanContext }) => parentSpanContext?.spanId)
  assert.deepEqual(parents.toSorted(), requests.map((span) => span.spanContext().spanId).toSorted())
}

async function errorOf(driver: ConnectedDriver): Promise<unknown> {
  try {
    await driver.fail('x')
  } catch (error) {
    const { name, message, code } = error as { name?: string; message?: string; code?: unknown }
    return { name, message, code }
  }
  throw new Error('the server did not refuse')
}

/** The attributes of a span that its duration has as well. */
function measured({ attributes }: ExpectedStatement): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([key, value]) => value !== undefined && key !== 'db.query.text',
    ),
  )
}

function known(span: ReadableSpan | undefined): ReadableSpan {
  if (span === undefined) throw new Error('no span')
  return span
}
