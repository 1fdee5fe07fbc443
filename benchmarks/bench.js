import { writeFile } from 'node:fs/promises'
import { measure, startSurroundings } from './harness/measure.js'
import { readOptions } from './harness/options.js'
import { page } from './harness/page.js'
import { summarise } from './harness/statistics.js'
import { table } from './harness/table.js'
import { cellsOf } from './harness/variants.js'

const args = process.argv.slice(2)
const options = readOptions(args)
const cells = cellsOf(options)
const surroundings = await startSurroundings()
const samples = []

try {
  for (let round = 0; round < options.rounds; round += 1) await runRound(round)
} finally {
  await surroundings.stop()
}

const summary = summarise(cells, samples)
console.log(table(summary))
if (options.json)
  await writeFile(options.json, `${JSON.stringify({ options, summary, samples }, null, 2)}\n`)
if (options.page) await writeFile(options.page, page({ summary, options, args }))

// Each round begins one cell further on, so that no cell always runs after the same other one.
async function runRound(round) {
  const turn = round % cells.length
  for (const cell of [...cells.slice(turn), ...cells.slice(0, turn)]) {
    const micros = await measure(cell, surroundings, options)
    samples.push({ ...cell, round, micros })
    const { framework, variant, mode } = cell
    console.error(`round ${round + 1}: ${framework}, ${variant}, ${mode}: ${micros.toFixed(1)} µs`)
  }
}
