// The finer rig for outbound calls alone: clients over sockets in memory, whose peer costs next to nothing.
//
//   node benchmarks/outbound/in-memory.js [--subjects undici,pg] [--modes sampled] [--turns 40]
//     [--calls 500] [--variants callchain,recorder,instrumentation] [--node 24] [--cpu-prof DIR]
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild } from '../harness/child.js'
import { findNode } from '../harness/find-node.js'
import { compareInMemory } from './compare-in-memory.js'

const { values } = parseArgs({
  options: {
    subjects: { type: 'string', default: 'fetch,undici,axios,got,ky,agent,pg' },
    modes: { type: 'string', default: 'sampled,unsampled' },
    variants: { type: 'string', default: 'callchain,recorder,instrumentation' },
    turns: { type: 'string', default: '40' },
    calls: { type: 'string', default: '500' },
    node: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
})
const variants = values.variants.split(',')
const options = {
  turns: Number(values.turns),
  calls: Number(values.calls),
  profile: values['cpu-prof'],
  node: await findNode(values.node),
}

const sink = await startChild(fileURLToPath(new URL('../load/sink.js', import.meta.url)))
try {
  for (const subject of values.subjects.split(',')) {
    for (const mode of values.modes.split(',')) {
      report(await compareInMemory({ subject, mode, variants }, sink, options))
    }
  }
} finally {
  await sink.stop()
}

function report({ subject, mode, none, added }) {
  const last = added.at(-1)
  const cells = variants.map(
    (name, at) => `${name} +${added[at].toFixed(1)} (${(added[at] / last).toFixed(2)})`,
  )
  console.log(`${subject}, ${mode}: none ${none.toFixed(1)} µs; ${cells.join('; ')}`)
}
