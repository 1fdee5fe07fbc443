import assert from 'node:assert/strict'
import { SpanKind } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { assertSpan } from '../assert-span.ts'
import { createMetricRecorder } from '../metric-recorder.ts'
import type { DatabasePromise, ExpectedStatement } from './stage.ts'

const SECRET = 'sesame-4711'

/** What the span of a statement says. */
export const describingPromises: readonly DatabasePromise[] = [
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
]

/** What the duration of a statement says. */
export const measuringPromises: readonly DatabasePromise[] = [
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
]

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
