// Records as many spans as its argument says, each with what spans may hold, in bursts that fit the
// queue and in some that do not; then stops tracing, and prints its heap of the middle and of the end.
import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import { startTracing } from '@callchain/sdk'

const require = createRequire(new URL('../../packages/sdk/package.json', import.meta.url))
const { trace } = require('@opentelemetry/api')

const BURST = 400
/** More than the queue holds. */
const LARGE_BURST = 5000
const BURSTS_BETWEEN_LARGE = 50

const spans = Number(process.argv[2])
const tracing = startTracing({ batch: { scheduledDelayMillis: 100 } })
const tracer = trace.getTracer('soak', '1.0')
let recorded = 0

function record() {
  const number = recorded++
  const attributes = {
    'http.request.method': 'GET',
    'url.path': `/orders/${number}`,
    'tenant.id': `tenant ${number % 50}`,
    list: ['a', 'b'],
  }
  const span = tracer.startSpan(String(number), { kind: 1, attributes })
  if (number % 10 === 0) span.recordException(new Error('failed'))
  if (number % 10 === 1) span.addLink({ context: span.spanContext() })
  span.setStatus({ code: number % 10 === 0 ? 2 : 0 }).end()
}

async function recordUntil(count) {
  for (let burst = 1; recorded < count; burst++) {
    const size = burst % BURSTS_BETWEEN_LARGE === 0 ? LARGE_BURST : BURST
    for (let left = Math.min(size, count - recorded); left > 0; left--) record()
    // The requests go out and come back meanwhile.
    for (let turns = 0; turns < 3; turns++) await turn()
  }
}

async function heapAfterCollection() {
  await tracing.flush()
  for (let round = 0; round < 5; round++) {
    globalThis.gc()
    await turn()
  }
  return process.memoryUsage().heapUsed
}

// By then, code is compiled and pools are filled.
await recordUntil(spans / 2)
const middle = await heapAfterCollection()
await recordUntil(spans)
const end = await heapAfterCollection()
await tracing.shutdown()
console.log(JSON.stringify({ middle, end }))
