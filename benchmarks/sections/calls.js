import { fileURLToPath } from 'node:url'
import { cellsOf, calls as subjectsOf, variants } from '../calls/cells.js'
import { startCalls } from '../calls/start-calls.js'
import { startChild } from '../harness/child.js'
import { runTurns } from '../harness/rounds.js'
import { compared, packagesOf, table } from '../harness/table.js'
import { versions } from '../harness/versions.js'

const sinkFile = fileURLToPath(new URL('../load/sink.js', import.meta.url))

/** What a traced call over gRPC, and a traced operation of GraphQL, adds. */
export const calls = {
  title: 'A call over gRPC, and an operation of GraphQL',
  subjects: subjectsOf,
  /** An operation takes so little that a turn, and the warming up, needs more of them. */
  scale: 4,

  async measure(options) {
    const sink = await startChild(sinkFile)
    try {
      const subjects = Object.keys(subjectsOf).filter((name) => options.subjects.has(name))
      const start = (cell) => startCalls(cell, { sink }, options)
      return await runTurns({ subjects, cellsOf: (name) => cellsOf(name, options), start }, options)
    } finally {
      await sink.stop()
    }
  },

  render: ({ summary }, options) => `\
What tracing adds to a unary call, and to an operation, next to the OpenTelemetry instrumentation of the
same library.

- A call of grpc-js goes over loopback, one after the other; its client and its server are in one process,
  and so both their spans are in *added µs*. An operation of graphql is parsed already, and has one resolver.
- Both run within a request with \`tenant.id\` and \`user.id\`. The handler counts \`traceparent\` and
  \`baggage\`, the resolver the trace it runs in; a variant that loses one fails the run.
- Sampled: the trace has the flag 01, and each span is exported. Unsampled: it has the flag 00; the
  metadata goes out, and no span does.
- Each turn is a separate sample, with its export, and what is added is taken against the untraced
  process in the same turn. The tables show the median of ${options.rounds * options.turns} turns, and the half of them in the middle.

${table(summary, { subjects: subjectsOf, variants, unit: 'call', base: 'instrumentation' })}

${compared(summary, variants)}

Versions: ${versions(['@grpc/grpc-js', 'graphql', ...packagesOf(summary, variants)])}.`,
}
