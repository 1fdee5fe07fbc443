// The finer rig for outbound calls: clients over sockets in memory, whose peer costs next to nothing.
// The processes of all variants take short turns, so that a busy moment falls on all of them alike.
//
//   node benchmarks/outbound/in-memory.js [--subjects undici,pg] [--modes sampled] [--turns 40]
//     [--calls 500] [--variants callchain,recorder,instrumentation] [--cpu-prof DIR]
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild } from '../harness/child.js'

const file = (path) => fileURLToPath(new URL(path, import.meta.url))

const { values } = parseArgs({
  options: {
    subjects: { type: 'string', default: 'fetch,undici,axios,agent,pg' },
    modes: { type: 'string', default: 'sampled,unsampled' },
    variants: { type: 'string', default: 'callchain,recorder,instrumentation' },
    turns: { type: 'string', default: '40' },
    calls: { type: 'string', default: '500' },
    'cpu-prof': { type: 'string' },
  },
})
const turns = Number(values.turns)
const calls = Number(values.calls)
const profile = values['cpu-prof']

const WARM_UP = 10

const sink = await startChild(file('../load/sink.js'))
try {
  for (const subject of values.subjects.split(',')) {
    for (const mode of values.modes.split(',')) await compare(subject, mode)
  }
} finally {
  await sink.stop()
}

async function compare(subject, mode) {
  const names = ['none', ...values.variants.split(',')].map((name) =>
    subject === 'pg' && name === 'instrumentation' ? 'without-connect-spans' : name,
  )
  const processes = []
  try {
    for (const name of names) processes.push(await start(subject, name))
    const micros = processes.map(() => [])
    // The first turns only warm up.
    for (let turn = -WARM_UP; turn < turns; turn += 1) {
      for (const at of processes.keys()) {
        const cost = await processes[at].ask('turn', { calls, sampled: mode === 'sampled' })
        if (turn >= 0) micros[at].push(cost)
      }
    }
    const made = calls * (turns + WARM_UP)
    await verify(subject, names, { processes, made })
    report(subject, mode, { names, micros })
  } finally {
    await Promise.all(processes.map((child) => child.stop()))
  }
}

async function start(subject, name) {
  const port = await sink.ask('open')
  return startChild(file('in-memory/main.cjs'), {
    args: [subject, name],
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

function report(subject, mode, { names, micros }) {
  const [base = 0, ...costs] = micros.map(lowerQuartile)
  const last = costs.at(-1) - base
  const cells = names.slice(1).map((name, at) => {
    const added = costs[at] - base
    return `${name} +${added.toFixed(1)} (${(added / last).toFixed(2)})`
  })
  console.log(`${subject}, ${mode}: none ${base.toFixed(1)} µs; ${cells.join('; ')}`)
}

// What disturbs a turn only makes it dearer.
function lowerQuartile(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 2]
}
