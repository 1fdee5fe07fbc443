import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { spansDue } from '../harness/spans-due.js'
import { variants } from './cells.js'

const main = fileURLToPath(new URL('./main.cjs', import.meta.url))

/** Starts the process of a cell, which exports to `sink`. */
export async function startMessenger(cell, { sink }, { cpuProfile, node }) {
  const collectorPort = await sink.ask('open')
  const child = await startChild(main, {
    args: [cell.subject, cell.variant],
    execPath: node,
    execArgv: cpuProfile
      ? ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}/${cell.subject}-${cell.variant}`]
      : [],
    env: { NODE_ENV: 'production', BENCH_COLLECTOR: `http://127.0.0.1:${collectorPort}` },
  })
  const sampled = cell.mode === 'sampled'
  const isSend = cell.subject.endsWith('-send')
  const { traces } = variants[cell.variant]
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
      verify(name, await child.ask('seen', { sampled }), { called, traces: isSend && traces })
      const due = traces && sampled ? called : 0
      const kind = isSend ? 'producer' : 'consumer'
      return spansDue(name, () => sink.ask('counted', collectorPort), { kind, due })
    },
  }
}

// A variant that carries nothing on would look cheap: it fails the run.
function verify(name, seen, { called, traces }) {
  const { messages, traced = 0, withTenant = 0 } = seen
  const due = traces ? called : 0
  if (messages === called && traced === due && withTenant === due) return
  throw new Error(`${name}: ${JSON.stringify(seen)} for ${called} messages`)
}
