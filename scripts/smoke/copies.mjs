// The ESM and the CommonJS copy of a package may both be loaded in one process. Each case sets
// something with the one and reads it with the other; a case that throws fails the smoke test.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import * as imported from '@callchain/core'
import { logFields } from '@callchain/logs'

const required = createRequire(import.meta.url)('@callchain/core')

const cases = {
  'there are two copies'() {
    assert.notEqual(imported.createServerTracer, required.createServerTracer)
  },
  'what one copy runs with, the other reads'() {
    imported.runWithIdentity({ 'tenant.id': 'acme' }, () => {
      assert.equal(required.tenant.get(), 'acme')
    })
    required.runWithIdentity({ 'user.id': 'ada' }, () => {
      assert.equal(imported.user.get(), 'ada')
    })
  },
  'a field declared in one copy is known to the other'() {
    const region = imported.identityField('order.region')
    required.runWithIdentity({ 'order.region': 'eu' }, () => {
      assert.equal(region.get(), 'eu')
    })
  },
  async 'it stays so behind an await'() {
    await required.runWithIdentity({ 'tenant.id': 'acme' }, async () => {
      await new Promise(setImmediate)
      assert.equal(imported.tenant.get(), 'acme')
    })
  },
  'the log fields of one copy hold what the other set'() {
    required.runWithIdentity({ 'tenant.id': 'acme' }, () => {
      assert.equal(logFields().tenant_id, 'acme')
    })
  },
}

for (const [name, run] of Object.entries(cases)) {
  try {
    await run()
  } catch (error) {
    console.error(`${name}: ${error.stack}`)
    process.exitCode = 1
  }
}
