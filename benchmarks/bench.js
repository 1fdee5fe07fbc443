import { writeFile } from 'node:fs/promises'
import { runChecks } from './harness/checks.js'
import { measure, startSurroundings } from './harness/measure.js'
import { readOptions } from './harness/options.js'
import { page } from './harness/page.js'
import { summarise } from './harness/statistics.js'
import { table } from './harness/table.js'
import { cellsOf } from './harness/variants.js'

const args = process.argv.slice(2)
const options = readOptions(args)
const surroundings = await startSurroundings()
const samples = []

try {
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const framework of options.frameworks) await runRound(round, framework)
  }
} finally {
  await surroundings.stop()
}

const summary = summarise(samples)
console.log(table(summary))
if (options.json) await writeFile(options.json, JSON.stringify({ options, summary, samples }))
if (options.page) {
  await writeFile(options.page, page({ summary, options, args, checks: await runChecks() }))
}

async function runRound(round, framework) {
  for (const sample of await measure(cellsOf(framework, options), surroundings, options)) {
    const { variant, mode, micros } = sample
    samples.push({ ...sample, round })
    console.error(`round ${round}: ${framework}, ${variant}, ${mode}: ${micros.toFixed(1)} µs`)
  }
}
