import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { spansDue } from '../harness/spans-due.js'
import { variants } from './cells.js'

const main = fileURLToPath(new URL('./main.cjs', import.meta.url))
/** The kind of the spans of which each call has one. */
const KINDS = { grpc: 'client', graphql: 'all' }
/** A resolver that a busy machine slows down has a span as well. */
const SLACK = { graphql: 0.1 }

/** Starts the process of a cell, which exports to `sink`. */
export async function startCalls(cell, { sink }, { cpuProfile, node }) {
  const { subject, variant, mode } = cell
  const collectorPort = await sink.ask('open')
  const child = await startChild(main, {
    args: [subject, variant],
    execPath: node,
    execArgv: cpuProfile
      ? ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}/${subject}-${variant}`]
      : [],
    env: { NODE_ENV: 'production', BENCH_COLLECTOR: `http://127.0.0.1:${collectorPort}` },
  })
  const sampled = mode === 'sampled'
  const { traces, spans = {} } = variants[variant]
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
      verify(name, await child.ask('seen'), { called, traces })
      const due = traces && sampled ? called * (spans[subject] ?? 1) : 0
      const wanted = { kind: KINDS[subject], due, slack: SLACK[subject] }
      return spansDue(name, () => sink.ask('counted', collectorPort), wanted)
    },
  }
}

// A variant that carries nothing on would look cheap: it fails the run.
function verify(name, seen, { called, traces }) {
  const { calls, traced, withTenant = traced } = seen
  const due = traces ? called : 0
  if (calls === called && traced === due && withTenant === due) return
  throw new Error(`${name}: ${JSON.stringify(seen)} for ${called} calls`)
}
