import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { markdown } from '../harness/markdown.js'
import { median } from '../harness/statistics.js'
import { versions } from '../harness/versions.js'

const main = fileURLToPath(new URL('../logs/main.js', import.meta.url))

/** What the fields add to a log line. */
export const logs = {
  title: 'A log line',

  async measure({ quick }) {
    const child = fork(main, [quick ? '2' : '15'])
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`logs/main.js ended with ${code}`)
    })
    const [samples] = await Promise.race([once(child, 'message'), ended])
    ended.catch(() => {})
    return { samples }
  },

  render: ({ samples }) => `\
What the trace and the identity as fields add to a line that a request logs, with a tenant: the same
logger with and without them takes turns in one process, 20,000 lines at a time. The lines go nowhere.
*Four fixed fields* is what the logger itself takes to write as many fields that never change: what
ours add beyond that is finding them.

${markdown([
  ['logger', 'µs a line', 'added µs', 'lowest to highest'],
  ...Object.entries(samples).map(([name, rounds]) => row(name, rounds)),
])}

The table shows the median of ${Object.values(samples)[0].length} rounds.

Versions: ${versions(['pino', 'winston', 'bunyan', '@callchain/logs', '@callchain/core'])}.`,
}

function row(name, rounds) {
  const added = rounds.map((round) => round.added)
  return [
    name,
    median(rounds.map(({ base }) => base)).toFixed(1),
    median(added).toFixed(1),
    `${Math.min(...added).toFixed(1)} to ${Math.max(...added).toFixed(1)}`,
  ]
}
