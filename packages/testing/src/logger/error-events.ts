import assert from 'node:assert/strict'
import { trace } from '@opentelemetry/api'
import type { ContractPromise } from '../contract.ts'
import type { LogStage } from '../log-contract-stage.ts'

/** Promises about error lines as events of their span. */
export const errorEvents: readonly ContractPromise<LogStage>[] = [
  {
    name: 'records an error line as an event of the span it was logged in, with errorLogs',
    check: async ({ logger, request, recorder, lines }) => {
      const inner = trace.getTracer('test')
      await request(
        (res) => {
          inner.startActiveSpan('inner', (span) => {
            logger.error(new RangeError('broken'))
            logger.info({}, 'no error')
            span.end()
          })
          res.end()
        },
        '',
        { errorLogs: true },
      )
      await lines(2)
      const spans = await recorder.waitFor(2)
      const [event, ...others] = spans.find(({ name }) => name === 'inner')?.events ?? []
      assert.deepEqual(others, [])
      assert.equal(event?.name, 'log')
      assert.deepEqual(event.attributes, {
        'log.severity': 'ERROR',
        'log.message': 'broken',
        'exception.type': 'RangeError',
        'exception.message': 'broken',
      })
    },
  },
  {
    name: 'records no line as an event unless told to',
    check: async ({ logger, request, recorder, lines }) => {
      await request((res) => {
        logger.error(new Error('broken'))
        res.end()
      })
      await lines(1)
      const [span] = await recorder.waitFor(1)
      assert.deepEqual(span?.events, [])
    },
  },
]
