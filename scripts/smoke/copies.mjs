// The ESM and the CommonJS copy of a package may both be loaded in one process. Each case sets
// something with the one and reads it with the other; a case that throws fails the smoke test.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import * as imported from '@callchain/core'

const required = createRequire(import.meta.url)('@callchain/core')

const cases = [
  [
    'there are two copies to share between',
    () => assert.notEqual(imported.createServerTracer, required.createServerTracer),
  ],
]

for (const [name, run] of cases) {
  try {
    await run()
  } catch (error) {
    console.error(`${name}: ${error.stack}`)
    process.exitCode = 1
  }
}
