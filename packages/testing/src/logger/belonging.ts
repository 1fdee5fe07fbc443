import assert from 'node:assert/strict'
import { tenant } from '@callchain/core'
import { trace } from '@opentelemetry/api'
import type { ContractPromise } from '../contract.ts'
import { CALLERS_TRACE, type LogStage } from '../log-contract-stage.ts'
import { fieldsOf, identityIn, namesIn, textOf } from './logged-line.ts'

/** Promises about the trace and the identity on a line. */
export const belonging: readonly ContractPromise<LogStage>[] = [
  {
    name: 'adds nothing outside a request',
    check: async ({ logger, lines }) => {
      logger.info({}, 'started')
      const [line] = await lines(1)
      assert.deepEqual(namesIn(line), [])
    },
  },
  {
    name: 'puts the trace, the span and the flags on each line of a request',
    check: async ({ logger, lines, request, recorder }) => {
      await request((res) => {
        logger.info({}, 'at work')
        res.end()
      })
      const [line] = await lines(1)
      const [span] = await recorder.waitFor(1)
      assert.equal(fieldsOf(line).trace_id, CALLERS_TRACE)
      assert.equal(fieldsOf(line).span_id, span?.spanContext().spanId)
      assert.equal(fieldsOf(line).trace_flags, '01')
    },
  },
  {
    name: 'names the span that the line was logged in',
    check: async ({ logger, lines, request }) => {
      let inner = ''
      await request((res) => {
        trace.getTracer('test').startActiveSpan('inner', (span) => {
          inner = span.spanContext().spanId
          logger.info({}, 'inside')
          span.end()
        })
        res.end()
      })
      const [line] = await lines(1)
      assert.equal(fieldsOf(line).span_id, inner)
    },
  },
  {
    name: 'puts the tenant and the user on each line, from the moment they are known',
    check: async ({ logger, lines, request }) => {
      await request((res) => {
        logger.info({}, 'before')
        tenant.set('acme')
        logger.info({}, 'after')
        res.end()
      }, 'user.id=ada')
      const [before, after] = await lines(2)
      assert.deepEqual(identityIn(before), [undefined, 'ada'])
      assert.deepEqual(identityIn(after), ['acme', 'ada'])
    },
  },
  {
    name: 'does the same for errors and for child loggers',
    check: async ({ logger, lines, request }) => {
      await request((res) => {
        logger.error(new Error('broken'))
        logger.child({ part: 'stock' }).info({}, 'from the child')
        res.end()
      }, 'tenant.id=acme')
      const [error, child] = await lines(2)
      for (const line of [error, child]) {
        assert.equal(fieldsOf(line).trace_id, CALLERS_TRACE)
        assert.equal(fieldsOf(line).tenant_id, 'acme')
      }
      assert.match(textOf(error), /broken/)
      assert.equal(fieldsOf(child).part, 'stock')
    },
  },
]
