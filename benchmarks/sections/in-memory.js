import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { findNode, versionOf } from '../harness/find-node.js'
import { markdown } from '../harness/markdown.js'
import { NEWER_LINE } from '../harness/open-telemetry-3.js'
import { median } from '../harness/statistics.js'
import { compareInMemory } from '../outbound/compare-in-memory.js'

const sinkFile = fileURLToPath(new URL('../load/sink.js', import.meta.url))
const subjects = {
  fetch: 'fetch',
  undici: 'undici',
  axios: 'axios',
  got: 'got',
  ky: 'ky',
  agent: 'node:http',
  pg: 'pg',
}
/** A turn is short here: what disturbs it is not to fall on many calls. */
const TURNS_FOR_ONE = 4
const variants = ['start-tracing', 'callchain', 'instrumentation']

/** What tracing adds to calls and statements, without the scatter of sockets, on two lines of Node. */
export const inMemory = {
  title: 'A call and a statement over sockets in memory',
  subjects,

  async measure(options) {
    const sink = await startChild(sinkFile)
    try {
      const nodes = [options.node, await findNode(NEWER_LINE)]
      const rows = []
      for (const node of nodes) rows.push(...(await measureOn(node, options, sink)))
      return { rows }
    } finally {
      await sink.stop()
    }
  },

  render: ({ rows }) => `\
The same calls and the same statement, over sockets that answer from within the process: what is left is
the work of the client and of tracing. *Instrumentation* is OpenTelemetry's: \`-undici\` (fetch, undici,
ky), \`-http\` (axios, got, node:http) or \`-pg\` with \`ignoreConnectSpans\`, on the OpenTelemetry SDK.
*Wrapper alone* is the wrapped client on the same SDK, and *startTracing()* the whole of ours.

${markdown([
  [
    'client',
    'Node',
    'mode',
    'µs without',
    'instrumentation, added',
    'wrapper alone',
    '× instrumentation',
    'startTracing()',
    '× instrumentation',
  ],
  ...rows.map(cells),
])}

Each round has ${TURNS_FOR_ONE} times as many turns as are named above, after 10 that only warm up. The table
shows the median of the rounds; of a round, the turn counts that a quarter of them undercut.`,
}

async function measureOn(node, options, sink) {
  const version = await versionOf(node)
  const sized = {
    node,
    turns: options.turns * TURNS_FOR_ONE,
    calls: options.requests,
    profile: options.cpuProfile,
  }
  const chosen = Object.keys(subjects).filter((name) => options.subjects.has(name))
  const rows = []
  for (const subject of chosen) {
    for (const mode of ['sampled', 'unsampled']) {
      const rounds = []
      for (let round = 0; round < options.rounds; round += 1) {
        const found = await compareInMemory({ subject, mode, variants }, sink, sized)
        rounds.push(found)
        console.error(
          `${version}: ${subject}, ${mode}: ${found.added.map((each) => each.toFixed(1))}`,
        )
      }
      rows.push({ subject, mode, version, rounds })
    }
  }
  return rows
}

function cells({ subject, mode, version, rounds }) {
  const middle = (of) => median(rounds.map(of))
  const ratio = (at) => middle(({ added }) => added[at] / added[2]).toFixed(2)
  const added = (at) => middle((round) => round.added[at]).toFixed(1)
  const none = middle((round) => round.none).toFixed(1)
  const ours = [added(1), ratio(1), added(0), ratio(0)]
  return [subjects[subject], version, mode, none, added(2), ...ours]
}
