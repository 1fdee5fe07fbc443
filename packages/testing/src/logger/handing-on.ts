import assert from 'node:assert/strict'
import { type LogLine, setLogSink } from '@callchain/core/internal'
import { trace } from '@opentelemetry/api'
import type { ContractPromise } from '../contract.ts'
import { CALLERS_TRACE, type LogStage } from '../log-contract-stage.ts'

/** Promises about handing finished lines on. */
export const handingOn: readonly ContractPromise<LogStage>[] = [
  {
    name: 'gives each line, with the context it was logged in, to the log sink and to nothing else',
    check: async ({ logger, request, lines }) => {
      const taken: LogLine[] = []
      logger.info({}, 'before')
      setLogSink((line) => taken.push(line))
      try {
        await request((res) => {
          logger.info({ order: 7 }, 'first')
          logger.child({ part: 'stock' }).info({}, 'second')
          res.end()
        })
        await lines(3)
      } finally {
        setLogSink(undefined)
      }
      const traces = taken.map(({ context }) => trace.getSpanContext(context)?.traceId)
      assert.deepEqual(traces, [CALLERS_TRACE, CALLERS_TRACE])
      const [first, second] = taken.map(({ line }) =>
        JSON.parse(typeof line === 'string' ? line : JSON.stringify(line)),
      )
      assert.deepEqual([first.order, first.trace_id], [7, CALLERS_TRACE])
      assert.deepEqual([second.part, second.msg ?? second.message], ['stock', 'second'])
    },
  },
]
