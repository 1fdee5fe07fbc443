import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { findNode, versionOf } from '../harness/find-node.js'
import { bringOpenTelemetry3, NEWER_LINE } from '../harness/open-telemetry-3.js'
import { runTurns } from '../harness/rounds.js'
import { compared, packagesOf, table } from '../harness/table.js'
import { versions } from '../harness/versions.js'
import { cellsOf, frameworkPackages, frameworks, variants } from '../server/cells.js'
import { startServer } from '../server/start-server.js'

const sinkFile = fileURLToPath(new URL('../load/sink.js', import.meta.url))

/** What the middleware adds to a request, without the scatter of sockets. */
export const pipes = pipesOn({
  title: 'A request over pipes',
  open: async ({ node }) => node,
  newer: false,
})

/** The same on a newer Node, next to the SDK that needs one. */
export const newer = pipesOn({
  title: `A request over pipes, on Node ${NEWER_LINE}`,
  async open() {
    await bringOpenTelemetry3()
    return findNode(NEWER_LINE)
  },
  newer: true,
})

function pipesOn({ title, open, newer }) {
  return {
    title,
    subjects: frameworks,
    /** A request takes so little here that a turn, and the warming up, needs more of them. */
    scale: 8,

    async measure(options) {
      const node = await open(options)
      const sink = await startChild(sinkFile)
      try {
        const subjects = Object.keys(frameworks).filter((name) => options.subjects.has(name))
        const start = (cell) => startServer(cell, { sink }, { ...options, node })
        const cells = (name) => cellsOf(name, options, { newer })
        const results = await runTurns({ subjects, cellsOf: cells, start }, options)
        return { ...results, node: await versionOf(node) }
      } finally {
        await sink.stop()
      }
    },

    render: ({ summary }, options) => `\
The same servers, called from within their own processes over sockets in memory
(${options.connections} connections), which are Node's own without the system beneath: what is left is
the work of the server and of tracing, and it scatters far less. Only the export goes over the loopback.

- A caller sends its next request in a turn of the event loop after the answer: nothing is pipelined,
  and no request begins within the one before.
- Path, trace, parent span and user are different from request to request.
- Each turn is a separate sample, with its export, and what is added is taken against the
  untraced process in the same turn. The tables show the median of ${options.rounds * options.turns} turns, and the half of
  them in the middle.

${table(summary, { subjects: frameworks, variants, unit: 'request', base: 'minimum' })}

${compared(summary, variants)}

Versions: ${versions([...frameworkPackages, ...packagesOf(summary, variants)])}.`,
  }
}
