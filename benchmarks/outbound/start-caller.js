import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { spansDue } from '../harness/spans-due.js'
import { variants } from './cells.js'

const main = fileURLToPath(new URL('./main.cjs', import.meta.url))

/**
 * Starts the process of a cell, which calls `target` and exports to `sink`; `verify` is told how many
 * calls it has made, and throws when the target has not seen them as it should.
 */
export async function startCaller(cell, { sink, target, verify }, { cpuProfile, node }) {
  const collectorPort = await sink.ask('open')
  const child = await startChild(main, {
    args: [cell.subject, cell.variant],
    execPath: node,
    execArgv: cpuProfile ? ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}`] : [],
    env: {
      NODE_ENV: 'production',
      BENCH_COLLECTOR: `http://127.0.0.1:${collectorPort}`,
      BENCH_TARGET: target,
    },
  })
  const sampled = cell.mode === 'sampled'
  const { traces, spans } = variants[cell.variant]
  const name = Object.values(cell).join(', ')
  let called = 0
  return {
    cpu: () => child.ask('cpu'),
    stop: () => child.stop(),

    async call(calls) {
      await child.ask('call', { calls, sampled })
      called += calls
    },

    /** Lets the process export what it still holds, and checks that nothing is missing. */
    async settle() {
      await child.ask('flush')
      await verify?.({ name, called, traces, sampled })
      const due = traces && sampled ? called * (spans?.[cell.subject] ?? 1) : 0
      return spansDue(name, () => sink.ask('counted', collectorPort), { kind: 'client', due })
    },
  }
}
