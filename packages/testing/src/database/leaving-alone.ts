import assert from 'node:assert/strict'
import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import type { ConnectedDriver, DatabasePromise } from './stage.ts'

/** What the application does not notice of the wrapper. */
export const leavingAlonePromises: readonly DatabasePromise[] = [
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
]

async function errorOf(driver: ConnectedDriver): Promise<unknown> {
  try {
    await driver.fail('x')
  } catch (error) {
    const { name, message, code } = error as { name?: string; message?: string; code?: unknown }
    return { name, message, code }
  }
  throw new Error('the server did not refuse')
}
