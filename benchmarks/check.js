// Whether tracing has become dearer, in a minute: ratios within one run, so that another machine or a
// busy one changes little, and a ratio that looks too high is measured again a little later, before it
// counts: what disturbs a shared machine goes on for a minute. Fails when one is a quarter above what
// benchmarks/ratios.json says. On built packages:
//
//   node benchmarks/check.js [--write]
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { requestRatios } from './check/request-ratios.js'
import { spanRatio } from './check/span-ratio.js'
import { median } from './harness/statistics.js'

const file = new URL('ratios.json', import.meta.url)
const ATTEMPTS = process.argv.includes('--write') ? 3 : 5
const PAUSE_MILLIS = 10_000
const MOST_GROWTH = 1.25

const isWriting = process.argv.includes('--write')
const recorded = JSON.parse(readFileSync(file, 'utf8'))
const best = {}
const all = {}
for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
  const found = { ...(await spanRatio()), ...(await requestRatios()) }
  for (const [name, ratio] of Object.entries(found)) {
    console.log(`${name}: ${ratio.toFixed(2)}, recorded ${recorded[name]?.toFixed(2)}`)
    best[name] = Math.min(ratio, best[name] ?? ratio)
    all[name] = [...(all[name] ?? []), ratio]
  }
  if (isWriting) continue
  if (tooHigh().length === 0) break
  await pause(PAUSE_MILLIS)
}
if (isWriting) writeFileSync(file, `${JSON.stringify(rounded(), null, 2)}\n`)
else {
  for (const name of tooHigh())
    console.error(
      `${name} is ${best[name].toFixed(2)}; ${recorded[name]} is recorded, and a quarter more allowed`,
    )
  process.exitCode = tooHigh().length === 0 ? 0 : 1
}

function tooHigh() {
  return Object.keys(best).filter((name) => !(best[name] <= recorded[name] * MOST_GROWTH))
}

/** The middle of what was measured: the best by luck would be too high a bar. */
function rounded() {
  return Object.fromEntries(
    Object.entries(all).map(([name, ratios]) => [name, +median(ratios).toFixed(3)]),
  )
}
