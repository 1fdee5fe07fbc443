// Which traces does `keep` keep across services? Runs the keeper itself, one for each process of nine
// services, on a clock of its own, with calls, failures that are swallowed on the way, answers, and
// replicas. Prints how many of the traces that failed, or were slow, have every part from the entry to
// the culprit ("path"), and every part ("whole").
//
//   npm run build && node scripts/keep-simulation.js [--traces 50000] [--rate 20]
import { parseArgs } from 'node:util'
import { Chain, REPLICAS } from './keep-simulation/chain.js'

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: '50000' },
    rate: { type: 'string', default: '20' },
  },
})
const traces = Number(values.traces)
/** Traces that begin in a second. */
const rate = Number(values.rate)
/** For so many seconds a trace can still be rescued. */
const RESCUE_SECONDS = 120
const MEASURE_EVERY = 500

// The keeper asks this clock.
const clock = { now: 0 }
Object.defineProperty(performance, 'now', { value: () => clock.now })

const share = 0.002
const keep = { share, slowerThan: '1s', perSecond: 1000 }
const told = { answers: true, rumours: true }
const schemes = {
  'share alone': { keep: { share, slowerThan: false, failed: false, remember: 0 } },
  'each process alone': { keep: { ...keep, remember: 0 } },
  'with answers': { keep: { ...keep, remember: 0 }, answers: true },
  'with answers, remembered for 2 s': { keep: { ...keep, remember: '2s' }, ...told },
  'with answers, remembered for 10 s': { keep: { ...keep, remember: '10s' }, ...told },
}

console.log(`${traces} traces, ${rate} a second, ${REPLICAS} processes of each of 9 services`)
console.table(Object.entries(schemes).map(([name, scheme]) => run(name, scheme)))

function run(name, scheme) {
  const chain = new Chain(scheme, clock)
  const stories = []
  let mostBytes = 0
  for (let count = 0; count < traces; count++) {
    const began = clock.now
    stories.push(chain.request())
    clock.now = began + 1000 / rate
    if (count % MEASURE_EVERY === 0) mostBytes = Math.max(mostBytes, chain.bytes)
    const old = stories[count - rate * RESCUE_SECONDS]
    if (old !== undefined) chain.stories.delete(old.traceId)
  }
  return {
    name,
    ...shares('failed', stories),
    ...shares('slow', stories),
    volume: percent(chain.sent / chain.made),
    'MB a process': (mostBytes / 1e6).toFixed(1),
  }
}

function shares(kind, stories) {
  const all = stories.filter((story) => story[kind].length > 0)
  const isKept = (ids, { kept }) => ids.every((id) => kept.has(id))
  const path = all.filter((story) => story[kind].every((ids) => isKept(ids, story)))
  const whole = all.filter((story) => isKept(story.parts, story))
  return {
    [kind]: all.length,
    [`${kind}: path`]: percent(path.length / all.length),
    [`${kind}: whole`]: percent(whole.length / all.length),
  }
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}
