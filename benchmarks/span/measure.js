import { median } from '../harness/statistics.js'
import { recorders } from './recorders.js'
import { serve } from './serve.js'

const SPANS = 5120
/** As many as wait in the SDK's queue. */
const BATCH = 512
const WAITING = 2048

/**
 * The CPU nanoseconds that each takes to record and encode a span. They take turns, each after the
 * other, and the middle one counts; a ratio is that of two turns next to each other.
 */
export function measureCost(names, turns) {
  const all = names.map((name) => recorders[name]())
  const samples = names.map(() => [])
  // The first turns only warm up.
  for (let turn = -2; turn < turns; turn += 1) {
    for (const [at, recorder] of all.entries()) {
      const nanoseconds = turnOf(recorder)
      if (turn >= 0) samples[at].push(nanoseconds)
    }
  }
  const base = samples[names.indexOf('sdk-2')]
  return names.map((name, at) => ({
    name,
    nanoseconds: median(samples[at]),
    ratio: median(samples[at].map((value, turn) => value / base[turn])),
  }))
}

function turnOf({ tracer, send, bytes }) {
  const before = bytes()
  const start = process.cpuUsage()
  for (let index = 0; index < SPANS; index += 1) {
    serve(tracer, index)
    if (index % BATCH === BATCH - 1) send()
  }
  const { user, system } = process.cpuUsage(start)
  if (bytes() - before < 300 * SPANS) throw new Error('spans are missing')
  return ((user + system) * 1000) / SPANS
}

/** The bytes of memory that a span holds which has ended and waits to be sent. Needs `--expose-gc`. */
export function measureKept(name) {
  const { tracer, send } = recorders[name]()
  const before = used()
  for (let index = 0; index < WAITING; index += 1) serve(tracer, index)
  const kept = (used() - before) / WAITING
  send()
  return kept
}

function used() {
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
