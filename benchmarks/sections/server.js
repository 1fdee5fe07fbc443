import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { runRounds } from '../harness/rounds.js'
import { compared, packagesOf, table } from '../harness/table.js'
import { versions } from '../harness/versions.js'
import { cellsOf, frameworkPackages, frameworks, variants } from '../server/cells.js'
import { startServer } from '../server/start-server.js'

const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** What the middleware adds to a request. */
export const server = {
  title: 'A request',
  subjects: frameworks,

  async measure(options) {
    const surroundings = {
      sink: await startChild(file('load/sink.js')),
      caller: await startChild(file('load/load.js')),
    }
    try {
      const subjects = Object.keys(frameworks).filter((name) => options.subjects.has(name))
      const start = (cell) => startServer(cell, surroundings, options)
      return await runRounds(
        { subjects, cellsOf: (name) => cellsOf(name, options), start },
        options,
      )
    } finally {
      await Promise.all([surroundings.sink.stop(), surroundings.caller.stop()])
    }
  },

  render: ({ summary }, options) => `\
What the middleware adds to a request that a server answers.

- A request is \`GET /users/:id?x=1\` with \`traceparent\`, \`tracestate\` and \`baggage\`
  (\`tenant.id\`, \`user.id\`) headers. The handler waits one turn of the event loop and answers about
  200 bytes of JSON.
- The caller (autocannon, ${options.connections} connections) runs in its own process.
- Sampled: the caller's \`traceparent\` has the flag 01, and the span is exported. Unsampled: it has
  the flag 00, and nothing is.
- Express processes that do the same differ by up to 100 µs a request, untraced ones as well: a
  smaller difference between two rows of Express says nothing, and its ranges are wide.

${table(summary, { subjects: frameworks, variants, unit: 'request', base: 'minimum' })}

${compared(summary, variants)}

Versions: ${versions([...frameworkPackages, ...packagesOf(summary, variants)])}.`,
}
