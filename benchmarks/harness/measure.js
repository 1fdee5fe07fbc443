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
 * The CPU time that the server process of a cell uses for a request, in microseconds, its share of
 * the export included. Throws if a request failed or if the spans exported are not the ones due.
 */
export async function measure(cell, { sink, caller }, options) {
  await sink.ask('reset')
  const server = await startServer(cell, sink.value, options)
  const sampled = cell.mode === 'sampled'
  const send = async (requests) => {
    const argument = { port: server.value, requests, connections: options.connections, sampled }
    const { answered, failed } = await caller.ask('load', argument)
    if (answered !== requests)
      throw new Error(`${answered} of ${requests} answered, ${failed} failed`)
    await server.ask('flush')
  }
  try {
    await send(options.warmup)
    await verifyExport(cell, sink, options.warmup)
    const before = await server.ask('cpu')
    await send(options.requests)
    await verifyExport(cell, sink, options.warmup + options.requests)
    const after = await server.ask('cpu')
    return (after - before) / options.requests
  } finally {
    await server.stop()
  }
}

function startServer({ framework, variant }, collectorPort, { cpuProfile }) {
  return startChild(file('server/main.cjs'), {
    args: [framework, variant],
    execArgv: cpuProfile ? ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}`] : [],
    env: { NODE_ENV: 'production', BENCH_COLLECTOR: `http://127.0.0.1:${collectorPort}` },
  })
}

// A variant that traces nothing, or drops what it traced, would look cheap: it fails the run.
async function verifyExport({ framework, variant, mode }, sink, requests) {
  const due = variants[variant].traces && mode === 'sampled' ? requests : 0
  const { server, all } = await spansCounted(sink, due)
  const right = due === 0 ? all === 0 : Math.abs(server - due) <= Math.max(2, due / 100)
  if (right) return
  const counted = `${server} server spans (${all} in all) for ${due} due`
  throw new Error(`${framework}, ${variant}, ${mode}: ${counted}`)
}

// Some variants cannot be flushed and export on a timer of some seconds.
async function spansCounted(sink, due) {
  let counted = await sink.ask('counted')
  for (let tries = 0; tries < 100 && counted.server < due; tries += 1) {
    await delay(50)
    counted = await sink.ask('counted')
  }
  return counted
}
