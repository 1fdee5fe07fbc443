import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Span, SpanKind, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { needed } from '../needed.ts'
import type { ConnectedDriver, DatabasePromise } from './stage.ts'

/** Whose statement it is, where several wait for one connection. */
export const contextPromises: readonly DatabasePromise[] = [
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
      const readThen = needed(driver.readThen, 'form with a callback')
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
]

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
