import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertChain, chain, createRecorder } from '@callchain/testing'
import { startApplication } from './application.mjs'

test('chains are asserted on, side by side', async (context) => {
  const recorder = createRecorder()
  const app = await startApplication()
  const lengths = Array.from({ length: 20 }, (_, index) => index + 1)
  await Promise.all(
    lengths.map((length) =>
      context.test(`of ${length}`, async () => {
        const shown = await chain(({ headers }) => fetch(`${app.url}/lists/${length}`, { headers }))
        assertChain(shown, { statements: length, errors: false })
        const check = () => assertChain(shown, { repeatedStatements: false })
        if (length < 3) check()
        else assert.throws(check, /the same statement/)
      }),
    ),
  )
  await app.close()
  await recorder.shutdown()
})
