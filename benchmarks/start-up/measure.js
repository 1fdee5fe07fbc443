import { execFile } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { extractPackages } from '../../scripts/packed/extract-packages.js'
import { median } from '../harness/statistics.js'
import { variants } from './cells.js'

const run = promisify(execFile)
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = fileURLToPath(new URL('../node_modules/.cache/packed', import.meta.url))

/** Starts each variant as often, one after the other; gives the middle of what was measured of each. */
export async function measureStartUp({ node, times }) {
  mkdirSync(folder, { recursive: true })
  await extractPackages(folder)
  // From there the packed packages are found, and everything else in the benchmarks' node_modules.
  cpSync(here, join(folder, 'start-up'), { recursive: true })
  const samples = Object.fromEntries(Object.keys(variants).map((name) => [name, []]))
  const counts = {}
  for (const name of Object.keys(variants))
    counts[name] = (await start(node, name, '--count')).files
  for (let time = 0; time < times; time += 1) {
    const round = {}
    for (const name of Object.keys(variants)) {
      round[name] = await start(node, name)
      const { millis, cpu } = round[name]
      const added = { millis: millis - round.bare.millis, cpu: cpu - round.bare.cpu }
      samples[name].push({ millis, cpu, added })
    }
    console.error(`start ${time + 1} of ${times}`)
  }
  return Object.entries(samples).map(([name, all]) => summary(name, all, counts[name]))
}

function summary(name, all, files) {
  const middle = (read) => median(all.map(read))
  return {
    name,
    files,
    millis: middle(({ millis }) => millis),
    addedMillis: middle(({ added }) => added.millis),
    leastMillis: Math.min(...all.map(({ added }) => added.millis)),
    addedCpu: middle(({ added }) => added.cpu),
  }
}

async function start(node, name, ...args) {
  const script = join(folder, 'start-up', 'start.mjs')
  const file = join(folder, 'start-up', 'variants', variants[name].file)
  const env = { ...process.env, NODE_ENV: 'production', OTEL_LOG_LEVEL: 'none' }
  const { stdout } = await run(node, [script, file, ...args], { env, timeout: 60_000 })
  return JSON.parse(stdout.slice(stdout.lastIndexOf('{')))
}
