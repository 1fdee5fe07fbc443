// One framework's application in a process of its own, which counts its spans and measures its heap.
import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import { createContextManager } from '@callchain/core'
import { applications } from './applications.js'

const require = createRequire(new URL('../../packages/testing/package.json', import.meta.url))
const { context, trace } = require('@opentelemetry/api')
const { TracerProvider } = require('@opentelemetry/sdk-trace')

const counts = { started: 0, ended: 0, errors: 0, warnings: [] }
process.on('warning', ({ name, message }) => counts.warnings.push(`${name}: ${message}`))

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

async function heapAfterCollection() {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc()
    await turn()
  }
  return process.memoryUsage().heapUsed
}

process.on('message', async () => process.send({ ...counts, heap: await heapAfterCollection() }))
process.on('disconnect', () => process.exit())
process.send({ port: await applications[process.argv[2]]() })
