import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { user } from '@callchain/core'
import type { ContractPromise } from '../contract.ts'
import type { LoggedLine, LogStage } from '../log-contract-stage.ts'
import { assertTraced, fieldsOf } from './logged-line.ts'
import { pipeline, requestText, traceIdOf } from './numbered-requests.ts'

/** Promises about lines of callbacks and of requests at once. */
export const interleaving: readonly ContractPromise<LogStage>[] = [
  {
    name: 'knows the trace after await, in callbacks and in timers',
    check: async ({ logger, lines, request }) => {
      await request(async (res) => {
        await new Promise(setImmediate)
        logger.info({}, 'after await')
        process.nextTick(() => logger.info({}, 'in a callback'))
        setTimeout(() => {
          logger.info({}, 'in a timer')
          res.end()
        }, 1)
      })
      assertTraced(await lines(3), 3)
    },
  },
  {
    name: 'knows the trace in error handlers and where promises are rejected',
    check: async ({ logger, lines, request }) => {
      await request(async (res) => {
        const emitter = new EventEmitter().on('error', (error) => logger.error(error))
        emitter.emit('error', new Error('emitted'))
        await Promise.reject(new Error('rejected')).catch((error) => logger.error(error))
        try {
          throw new Error('thrown')
        } catch (error) {
          logger.error(error as Error)
        }
        res.end()
      })
      assertTraced(await lines(3), 3)
    },
  },
  {
    name: 'knows the trace in the close of the request and of the response',
    check: async ({ logger, lines, serve }) => {
      const closed: Promise<unknown>[] = []
      const { port } = await serve((req, res) => {
        req.on('close', () => logger.info({}, 'request closed'))
        res.on('close', () => logger.info({}, 'response closed'))
        closed.push(once(res, 'close'))
        res.write('half')
      })
      const socket = connect(port, '127.0.0.1')
      socket.write(requestText(1, false))
      await once(socket, 'data')
      socket.destroy()
      const all = await lines(2)
      await Promise.all(closed)
      for (const line of all) assert.equal(fieldsOf(line).trace_id, traceIdOf(1))
    },
  },
  {
    name: 'writes not one line of 10,000 interleaved requests under a wrong id, to a slow transport',
    check: async ({ logger, lines, serve }) => {
      const { port } = await serve(async (req, res) => {
        const asked = Number(req.url?.slice(1))
        logger.info({ asked }, 'received')
        for (let turn = asked % 4; turn > 0; turn -= 1) await new Promise(setImmediate)
        logger.info({ asked, found: user.get() }, 'answered')
        res.end()
      })
      await Promise.all(Array.from({ length: 50 }, (_, socket) => pipeline(port, socket, 200)))
      const all = await lines(20_000)
      const wrong = all.filter(({ fields }) => !isRight(fields))
      assert.equal(all.length, 20_000)
      assert.deepEqual(wrong, [])
    },
  },
]

function isRight({ asked, trace_id, user_id, msg, message, found }: LoggedLine['fields']): boolean {
  const caller = `u${asked}`
  const isAnswer = (msg ?? message) === 'answered'
  return (
    trace_id === traceIdOf(Number(asked)) && user_id === caller && (!isAnswer || found === caller)
  )
}
