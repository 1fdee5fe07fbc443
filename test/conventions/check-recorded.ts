// With CALLCHAIN_CONVENTIONS=1 every span of our own that any suite records is held to the conventions.
import { afterEach } from '@jest/globals'
import { observersOfAll } from '../../packages/testing/src/span-observer.ts'
import { faultsOf } from './conventions.ts'

const faults = new Set<string>()

observersOfAll().add({
  started() {},
  ended(_key, span) {
    // Those of the test's own tracers may be called and carry whatever it likes.
    if (!span.instrumentationScope.name.startsWith('@callchain/')) return
    for (const fault of faultsOf(span)) faults.add(fault)
  },
})

afterEach(() => {
  const found = [...faults]
  faults.clear()
  if (found.length > 0) throw new Error(`Against the semantic conventions:\n${found.join('\n')}`)
})
