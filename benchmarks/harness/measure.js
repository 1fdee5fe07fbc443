import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChild } from './child.js'
import { variants } from './variants.js'

const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Starts the caller and the collector, each in its own process; `stop` ends both. */
export async function startSurroundings() {
  const sink = await startChild(file('load/sink.js'))
  const caller = await startChild(file('load/load.js'))
  return { sink, caller, stop: () => Promise.all([sink.stop(), caller.stop()]) }
}

/**
 * The CPU time in microseconds that the server process of each cell uses for a request, its share
 * of the export included. The servers live at the same time and take turns in being called, so
 * that a busy moment of the machine falls on all of them alike. Throws if a request fails or if the
 * spans exported are not the ones due.
 */
export async function measure(cells, surroundings, options) {
  const servers = []
  try {
    for (const cell of cells) servers.push(await startServer(cell, surroundings, options))
    for (const server of servers) await server.call(options.warmup)
    for (const server of servers) await server.settle()
    const before = await cpuOf(servers)
    for (let turn = 0; turn < options.turns; turn += 1) await takeTurns(servers, turn, options)
    for (const server of servers) await server.settle()
    const after = await cpuOf(servers)
    const requests = options.requests * options.turns
    return cells.map((cell, at) => ({ ...cell, micros: (after[at] - before[at]) / requests }))
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

const cpuOf = (servers) => Promise.all(servers.map((server) => server.cpu()))

// Each turn begins one server further on, so that none always follows the same other one.
async function takeTurns(servers, turn, { requests }) {
  const first = turn % servers.length
  const order = [...servers.slice(first), ...servers.slice(0, first)]
  for (const server of order) await server.call(requests)
}

async function startServer(cell, { sink, caller }, { connections, cpuProfile }) {
  const collectorPort = await sink.ask('open')
  const child = await startChild(file('server/main.cjs'), {
    args: [cell.framework, cell.variant],
    execArgv: cpuProfile ? ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}`] : [],
    env: { NODE_ENV: 'production', BENCH_COLLECTOR: `http://127.0.0.1:${collectorPort}` },
  })
  const load = { port: child.value, connections, sampled: cell.mode === 'sampled' }
  let called = 0
  return {
    cpu: () => child.ask('cpu'),
    stop: () => child.stop(),

    /** Sends requests, and fails when one of them is not answered well. */
    async call(requests) {
      const { answered, failed } = await caller.ask('load', { ...load, requests })
      called += requests
      if (answered !== requests) throw new Error(`${failed} of ${requests} requests failed`)
    },

    /** Lets the server export what it still holds, and checks that nothing is missing. */
    async settle() {
      await child.ask('flush')
      await verifyExport(cell, () => sink.ask('counted', collectorPort), called)
    },
  }
}

// A variant that traces nothing, or drops what it traced, would look cheap: it fails the run.
async function verifyExport({ framework, variant, mode }, count, requests) {
  const due = variants[variant].traces && mode === 'sampled' ? requests : 0
  const { server, all } = await spansCounted(count, due)
  const right = due === 0 ? all === 0 : Math.abs(server - due) <= Math.max(2, due / 100)
  if (right) return
  const counted = `${server} server spans (${all} in all) for ${due} due`
  throw new Error(`${framework}, ${variant}, ${mode}: ${counted}`)
}

// Some variants cannot be flushed and export on a timer of some seconds.
async function spansCounted(count, due) {
  let counted = await count()
  for (let tries = 0; tries < 100 && counted.server < due; tries += 1) {
    await delay(50)
    counted = await count()
  }
  return counted
}
