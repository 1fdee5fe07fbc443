// Counts the spans of a process and what it is warned of, and measures its heap at rest.
import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import { createContextManager, tenant } from '@callchain/core'

const require = createRequire(new URL('../../packages/testing/package.json', import.meta.url))
const { context, diag, trace } = require('@opentelemetry/api')
const { TracerProvider } = require('@opentelemetry/sdk-trace')

const MAX_TURNS = 1000

/** Records spans in order to count them. */
export function startCounting() {
  const counts = { started: 0, ended: 0, errors: 0, handled: 0, lost: 0, warnings: [] }
  process.on('warning', ({ name, message }) => counts.warnings.push(`${name}: ${message}`))
  const note = (message) => counts.warnings.push(message)
  diag.setLogger({ error: note, warn: note, info() {}, debug() {}, verbose() {} })
  const counting = {
    onStart: () => {
      counts.started += 1
    },
    onEnd: (span) => {
      counts.ended += 1
      if (span.status.code === 2) counts.errors += 1
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [counting] }))
  context.setGlobalContextManager(createContextManager())
  return counts
}

/** Notes that a handler ran, and whether it had this tenant. */
export function handledFor(counts, wanted) {
  counts.handled += 1
  if (tenant.get() !== wanted) counts.lost += 1
}

/** The bytes of the heap once every span has ended, as far as they do. */
async function heapAtRest(counts) {
  for (let wait = 0; wait < MAX_TURNS && counts.ended < counts.started; wait += 1) await turn()
  return heapAfterCollection()
}

/** The bytes of the heap that nothing lets go of. */
export async function heapAfterCollection() {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc()
    await turn()
  }
  return process.memoryUsage().heapUsed
}

/** Makes so many calls with `make`, twenty at once; prints what came of them. */
export async function soak(counts, calls, make) {
  const ATONCE = 20
  let made = 0
  const until = async (count) => {
    while (made < count) {
      await Promise.all(Array.from({ length: ATONCE }, (_, index) => make(made + index)))
      made += ATONCE
    }
  }
  // By then, code is compiled and pools are filled.
  await until(calls / 2)
  const middle = await heapAtRest(counts)
  await until(calls)
  const end = await heapAtRest(counts)
  return { ...counts, made, middle, end }
}
