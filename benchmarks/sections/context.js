import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { markdown } from '../harness/markdown.js'
import { median } from '../harness/statistics.js'
import { versions } from '../harness/versions.js'

const main = fileURLToPath(new URL('../context/main.js', import.meta.url))

/** What it costs that each step of a request sees to its context. */
export const context = {
  title: "A request's own context",

  async measure({ quick }) {
    const child = fork(main, [quick ? '3' : '21'])
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`context/main.js ended with ${code}`)
    })
    const [results] = await Promise.race([once(child, 'message'), ended])
    ended.catch(() => {})
    return results
  },

  render: ({ steps, samples }) => `\
Each middleware, hook and handler of a traced request enters the request's context again where it was
lost; see [identity](identity.md). Here nothing was lost, as in nearly every request: this is the
price of looking. The same traced application with and without it takes turns in one
process, 50 requests at a time and 5,000 a round, without sockets.

${markdown([
  [
    'framework',
    'steps',
    'µs a request without',
    'added µs',
    'added to each step',
    'lowest to highest',
  ],
  ...Object.entries(samples).map(([name, rounds]) => row(name, rounds, steps[name])),
])}

The table shows the median of ${Object.values(samples)[0].length} rounds.

Versions: ${versions(['express', 'koa', 'fastify', '@callchain/core'])}.`,
}

function row(name, rounds, steps) {
  const added = rounds.map((round) => round.added)
  return [
    name,
    String(steps),
    median(rounds.map(({ base }) => base)).toFixed(1),
    median(added).toFixed(2),
    (median(added) / steps).toFixed(3),
    `${Math.min(...added).toFixed(2)} to ${Math.max(...added).toFixed(2)}`,
  ]
}
