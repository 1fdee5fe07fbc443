import { median } from '../harness/statistics.js'
import { request, SPANS } from './request.js'
import { variants } from './variants.js'

const REQUESTS = 5000
const BATCH = 100

/**
 * The CPU microseconds of a request of five spans, by variant. They take turns within one process, each
 * time in another order: what one leaves to the garbage collector is paid for by whoever comes next. A
 * ratio, and what is added to a span, are those of the same turn.
 */
export function measureExit(turns) {
  const names = Object.keys(variants)
  const all = names.map((name) => variants[name]())
  const samples = names.map(() => [])
  for (let turn = -3; turn < turns; turn++) {
    for (const at of shuffled(names.length)) {
      const micros = turnOf(all[at])
      if (turn >= 0) samples[at].push(micros)
    }
  }
  const sent = samples[names.indexOf('sent')]
  return names.map((name, at) => ({
    name,
    micros: median(samples[at]),
    ratio: median(samples[at].map((value, turn) => value / sent[turn])),
    addedToSpan: median(samples[at].map((value, turn) => (value - sent[turn]) / SPANS)),
  }))
}

function turnOf({ tracer, send }) {
  const start = process.cpuUsage()
  for (let index = 0; index < REQUESTS; index++) {
    request(tracer, index)
    if (index % BATCH === BATCH - 1) send()
  }
  const { user, system } = process.cpuUsage(start)
  return (user + system) / REQUESTS
}

function shuffled(length) {
  return Array.from({ length }, (_, at) => ({ at, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ at }) => at)
}
