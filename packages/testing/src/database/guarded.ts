import assert from 'node:assert/strict'
import { trace } from '@opentelemetry/api'
import { assertChain } from '../chain/assert-chain.ts'
import { chain } from '../chain/chain.ts'
import { installGuard } from '../chain/guard.ts'
import type { DatabasePromise } from './stage.ts'

/** What the application's tests can find. */
export const guardedPromises: readonly DatabasePromise[] = [
  {
    name: 'lets a test find a statement that is run for each row',
    check: async ({ connect, recorder }) => {
      const driver = await connect()
      const once = await chain(() => driver.read('a'), { recorder })
      assertChain(once, { statements: 1, repeatedStatements: false })
      const request = async (): Promise<void> => {
        for (const key of ['a', 'b', 'c']) await driver.read(key)
      }
      const rows = await chain(request, { recorder })
      assertChain(rows, { statements: 3, repeatedStatements: true })
    },
  },
  {
    name: 'lets the guard of a suite fail a test in which a statement is run for each row',
    check: async ({ connect, recorder }) => {
      const driver = await connect()
      const request = (rows: number) => async () => {
        await trace.getTracer('contract').startActiveSpan('request', async (span) => {
          for (let row = 0; row < rows; row++) await driver.read(`row ${row}`)
          span.end()
        })
        await recorder.settled()
      }
      const run = guardedTests(5)
      await run(request(4))
      await assert.rejects(run(request(5)), /◀ the same statement 5 times/)
    },
  },
]

/** A runner of tests with the guard's hooks around them. */
function guardedTests(from: number): (test: () => Promise<void>) => Promise<void> {
  const before: (() => void)[] = []
  const after: (() => void)[] = []
  const hooks = {
    beforeEach: (body: () => void) => void before.push(body),
    afterEach: (body: () => void) => void after.push(body),
  }
  installGuard(hooks, from)
  return async (test) => {
    for (const body of before) body()
    try {
      await test()
    } finally {
      for (const body of after) body()
    }
  }
}
