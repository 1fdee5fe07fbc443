import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { markdown } from '../harness/markdown.js'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../exit.js', import.meta.url))

/** What it costs to decide what leaves the process, and how. */
export const exit = {
  title: 'What leaves the process',

  async measure({ quick, node }) {
    const args = [script, quick ? '3' : '61', '--json']
    const { stdout } = await run(node, args, { timeout: 600_000 })
    return JSON.parse(stdout)
  },

  render: (rows) => `\
A request of five spans (its own, with 14 attributes, three statements and a call) is recorded and
encoded as OTLP protobuf. Before that, [\`redact\`](configuration.md#secrets) looks for secrets in it, of
which it has none; or [\`keep\`](sampling.md) waits for its end, and lets it go.

${markdown([
  ['what is done', 'µs of CPU a request', '× sent', 'added µs a span'],
  ...rows.map(({ name, micros, ratio, addedToSpan }) => [
    name,
    micros.toFixed(1),
    ratio.toFixed(2),
    addedToSpan.toFixed(2),
  ]),
])}

They take turns in one process, 5,000 requests at a time, in another order each time, and the median
counts; a ratio and a difference are those of the same turn. \`node benchmarks/exit.js\` repeats it.`,
}
