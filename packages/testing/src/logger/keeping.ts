import assert from 'node:assert/strict'
import type { ContractPromise } from '../contract.ts'
import { CALLERS_TRACE, type LogStage } from '../log-contract-stage.ts'
import { assertOnce, fieldsOf, identityIn, namesIn } from './logged-line.ts'

/** Promises about what the application itself says on a line. */
export const keeping: readonly ContractPromise<LogStage>[] = [
  {
    name: 'lets a field of the call site win, and writes it once',
    check: async ({ logger, lines, request }) => {
      await request((res) => {
        logger.info({ tenant_id: 'mine', trace_id: 'mine' }, 'at work')
        res.end()
      }, 'tenant.id=acme')
      const [line] = await lines(1)
      assertOnce(line, { tenant_id: 'mine', trace_id: 'mine' })
    },
  },
  {
    name: "lets a child logger's own field win, and writes it once",
    check: async ({ logger, lines, request }) => {
      const child = logger.child({ tenant_id: 'mine', at: { trace_id: 'elsewhere' } })
      await request((res) => {
        child.info({}, 'at work')
        res.end()
      }, 'tenant.id=acme')
      const [line] = await lines(1)
      assertOnce(line, { tenant_id: 'mine' })
      assert.equal(fieldsOf(line).trace_id, CALLERS_TRACE)
    },
  },
  {
    name: 'changes no object that it is given, and takes frozen ones',
    check: async ({ logger, lines, request }) => {
      const given = { order: 7, tenant_id: 'mine' }
      const frozen = Object.freeze({ order: 8 })
      await request((res) => {
        logger.info(given, 'at work')
        logger.info(frozen, 'at work')
        res.end()
      })
      await lines(2)
      assert.deepEqual(given, { order: 7, tenant_id: 'mine' })
      assert.deepEqual(frozen, { order: 8 })
    },
  },
  {
    name: 'carries nothing from one line into the next',
    check: async ({ logger, lines, request }) => {
      await request((res) => {
        logger.info({ tenant_id: 'mine', order: 7 }, 'first')
        logger.info({}, 'second')
        res.end()
      }, 'tenant.id=acme')
      const [, second] = await lines(2)
      assert.deepEqual(identityIn(second), ['acme', undefined])
      assert.equal(fieldsOf(second).order, undefined)
      logger.info({}, 'outside')
      const [, , outside] = await lines(3)
      assert.deepEqual(namesIn(outside), [])
    },
  },
]
