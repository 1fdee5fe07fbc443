import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { versionOf } from '../harness/find-node.js'
import { markdown } from '../harness/markdown.js'
import { runTurns } from '../harness/rounds.js'
import { versions } from '../harness/versions.js'
import { startServer } from '../server/start-server.js'

const sinkFile = fileURLToPath(new URL('../load/sink.js', import.meta.url))
const atOnce = [1, 10, 100, 1000, 10_000]
/** So many spans end at once that the SDK's queue would drop most of them, and what is dropped costs little. */
const env = { OTEL_BSP_MAX_QUEUE_SIZE: '50000' }
const variants = ['none', 'minimum', 'callchain']

/** What a request costs when few or many are in progress. */
export const growth = {
  title: 'Few and many requests at once',
  subjects: { fastify: 'Fastify' },
  scale: 8,

  async measure(options) {
    const sink = await startChild(sinkFile)
    try {
      const rows = []
      for (const connections of atOnce) rows.push(await measureAt(connections, options, sink))
      return { rows, node: await versionOf(options.node) }
    } finally {
      await sink.stop()
    }
  },

  render: ({ rows }) => `\
The Fastify application of the tables above, sampled, over sockets in memory: each connection has one
request in progress, so that as many of them are at once as there are connections. The queues of both
are allowed 50,000 spans, so that none is dropped.

${markdown([
  ['at once', 'µs a request without', 'minimum, added', 'Callchain, added', '× minimum'],
  ...rows.map(row),
])}

The table shows the median of all turns, each against the untraced process in the same turn.

Versions: ${versions(['fastify', '@callchain/core', '@callchain/sdk'])}.`,
}

async function measureAt(connections, options, sink) {
  // Every connection gets its turn, and more than once.
  const requests = Math.max(options.requests, 2 * connections)
  const warmup = Math.max(options.warmup, requests)
  const sized = { ...options, connections, requests, warmup, env }
  const start = (cell) => startServer(cell, { sink }, sized)
  const cellsOf = (subject) => variants.map((variant) => ({ subject, variant, mode: 'sampled' }))
  const { samples, summary } = await runTurns({ subjects: ['fastify'], cellsOf, start }, sized)
  return { connections, samples, summary }
}

function row({ connections, summary }) {
  const [none, minimum, callchain] = variants.map((name) =>
    summary.find(({ variant }) => variant === name),
  )
  const ratio = callchain.added / minimum.added
  const micros = [none.micros, minimum.added, callchain.added].map((each) => each.toFixed(1))
  return [connections.toLocaleString('en'), ...micros, ratio.toFixed(2)]
}
