import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { runTurns } from '../harness/rounds.js'
import { compared, packagesOf, table } from '../harness/table.js'
import { versions } from '../harness/versions.js'
import { cellsOf, messages as subjectsOf, variants } from '../messages/cells.js'
import { startMessenger } from '../messages/start-messenger.js'

const sinkFile = fileURLToPath(new URL('../load/sink.js', import.meta.url))

/** What a traced producer or consumer adds to a message. */
export const messages = {
  title: 'A message',
  subjects: subjectsOf,
  /** A message takes so little here that a turn, and the warming up, needs more of them. */
  scale: 8,

  async measure(options) {
    const sink = await startChild(sinkFile)
    try {
      const subjects = Object.keys(subjectsOf).filter((name) => options.subjects.has(name))
      const start = (cell) => startMessenger(cell, { sink }, options)
      return await runTurns({ subjects, cellsOf: (name) => cellsOf(name, options), start }, options)
    } finally {
      await sink.stop()
    }
  },

  render: ({ summary }, options) => `\
What tracing adds to a message that is sent, and to one that is handled, next to the OpenTelemetry
instrumentation of the same library.

- **There is no broker.** What a broker and its sockets cost scatters by more than tracing adds. Below
  kafkajs's producer and consumer stands a stub; amqplib's channels encode what they write, and a stub of
  the connection drops it. So *× no tracing* says nothing of an application; *added µs* does.
- Messages are sent within a request with \`tenant.id\` and \`user.id\`; the stub counts \`traceparent\`
  and \`baggage\` on them, and a variant that leaves one out fails the run. The messages that are handled
  have both, and the handler is an empty \`async\` function; with amqplib it acknowledges the message.
- Sampled: the trace has the flag 01, and each PRODUCER or CONSUMER span is exported. Unsampled: it
  has the flag 00; the headers go out, and no span does.
- Each turn is a separate sample, with its export, and what is added is taken against the untraced
  process in the same turn. The tables show the median of ${options.rounds * options.turns} turns, and the half of them in the middle.

${table(summary, { subjects: subjectsOf, variants, unit: 'message', base: 'instrumentation' })}

${compared(summary, variants)}

Versions: ${versions(['kafkajs', 'amqplib', ...packagesOf(summary, variants)])}.`,
}
