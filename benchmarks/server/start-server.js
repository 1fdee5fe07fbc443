import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { spansDue } from '../harness/spans-due.js'
import { variants } from './cells.js'

const main = fileURLToPath(new URL('./main.cjs', import.meta.url))

/**
 * Starts the server of a cell, which exports to `sink`; it is called by `caller`, or by itself over
 * pipes where there is none. `env` is added to its environment.
 */
export async function startServer(cell, { sink, caller }, { connections, cpuProfile, node, env }) {
  const collectorPort = await sink.ask('open')
  const child = await startChild(main, {
    args: [cell.subject, cell.variant, ...(caller ? [] : ['pipes'])],
    execPath: node,
    execArgv: cpuProfile ? ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}`] : [],
    env: {
      NODE_ENV: 'production',
      BENCH_COLLECTOR: `http://127.0.0.1:${collectorPort}`,
      ...env,
    },
  })
  const sampled = cell.mode === 'sampled'
  const load = { port: child.value, connections, sampled }
  const traces = (cell.traces ?? variants[cell.variant].traces) && sampled
  let called = 0
  return {
    cpu: () => child.ask('cpu'),
    stop: () => child.stop(),

    /** Sends requests, and fails when one of them is not answered well. */
    async call(requests) {
      called += requests
      if (caller === undefined) return child.ask('load', { ...load, requests })
      const { answered, failed } = await caller.ask('load', { ...load, requests })
      if (answered !== requests) throw new Error(`${failed} of ${requests} requests failed`)
    },

    /** Lets the server export what it still holds, and checks that nothing is missing. */
    async settle() {
      await child.ask('flush')
      const count = () => sink.ask('counted', collectorPort)
      const due = traces ? called : 0
      return spansDue(Object.values(cell).join(', '), count, { kind: 'server', due })
    },
  }
}
