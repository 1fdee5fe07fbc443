import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { quantile } from '../harness/statistics.js'

const main = fileURLToPath(new URL('in-memory/main.cjs', import.meta.url))
const WARM_UP = 10
/** What disturbs a turn only makes it dearer. */
const UNDISTURBED = 0.25

/**
 * Compares the variants of a client over sockets in memory. Their processes take short turns, so that a
 * busy moment falls on all of them alike. Gives the microseconds of CPU that a call costs without
 * tracing, and those that each variant adds. `node` is the Node that the processes run on.
 */
export async function compareInMemory({ subject, mode, variants }, sink, options) {
  const { turns, calls, profile, node } = options
  const names = ['none', ...variants.map((name) => variantOf(subject, name))]
  const processes = []
  try {
    for (const name of names) processes.push(await start(subject, name, { sink, profile, node }))
    const micros = processes.map(() => [])
    // The first turns only warm up.
    for (let turn = -WARM_UP; turn < turns; turn += 1) {
      for (const at of processes.keys()) {
        const cost = await processes[at].ask('turn', { calls, sampled: mode === 'sampled' })
        if (turn >= 0) micros[at].push(cost)
      }
    }
    await verify(subject, names, { processes, made: calls * (turns + WARM_UP) })
    const [none, ...traced] = micros.map((numbers) => quantile(numbers, UNDISTURBED))
    return { subject, mode, none, added: traced.map((cost) => cost - none) }
  } finally {
    await Promise.all(processes.map((child) => child.stop()))
  }
}

// The instrumentation of pg is compared as it makes one span of a statement.
const variantOf = (subject, name) =>
  subject === 'pg' && name === 'instrumentation' ? 'without-connect-spans' : name

async function start(subject, name, { sink, profile, node }) {
  const port = await sink.ask('open')
  return startChild(main, {
    args: [subject, name],
    execPath: node,
    execArgv: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}/${subject}-${name}`] : [],
    env: { NODE_ENV: 'production', BENCH_COLLECTOR: `http://127.0.0.1:${port}` },
  })
}

// A variant that carries nothing on would look cheap.
async function verify(subject, names, { processes, made }) {
  if (subject === 'pg') return
  for (const [at, name] of names.entries()) {
    const seen = await processes[at].ask('seen')
    const due = name === 'none' || name === 'context' ? 0 : made
    if (seen.calls === made && seen.traced === due && seen.withTenant === due) continue
    throw new Error(`${subject}, ${name}: ${JSON.stringify(seen)} of ${made} calls`)
  }
}
