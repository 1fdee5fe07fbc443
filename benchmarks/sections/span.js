import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findNode, versionOf } from '../harness/find-node.js'
import { markdown } from '../harness/markdown.js'
import { bringOpenTelemetry3, NEWER_LINE } from '../harness/open-telemetry-3.js'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../spans.js', import.meta.url))
const titles = {
  recorder: "Callchain's recorder",
  'sdk-2': 'OpenTelemetry SDK 2 and its serialiser',
  'sdk-3': 'OpenTelemetry SDK 3 and its serialiser',
}

/** What a span costs alone, without a server. */
export const span = {
  title: 'A span, alone',

  async measure({ quick, node }) {
    const turns = quick ? 5 : 81
    const newer = await findNode(NEWER_LINE)
    await bringOpenTelemetry3()
    return [
      await measureOn(node, ['recorder', 'sdk-2'], turns),
      await measureOn(newer, ['recorder', 'sdk-2', 'sdk-3'], turns),
    ]
  },

  render: (runs) => `\
A SERVER span of 13 attributes is started with a remote parent, named again, ended and encoded as OTLP
protobuf. Paths are all different, and texts that recur are different objects each time. Held is the
memory of a span that has ended and waits to be sent, when 2,048 do.

${markdown([
  ['what records', 'Node', 'ns of CPU a span', '× SDK 2', 'bytes held'],
  ...runs.flatMap(({ version, rows }) => rows.map((row) => cells(row, version))),
])}

They take turns in one process, 5,120 spans at a time, and the median counts; a ratio is that of two
turns next to each other. \`node --expose-gc benchmarks/spans.js\` repeats it.`,
}

async function measureOn(node, names, turns) {
  const args = ['--expose-gc', script, names.join(), String(turns), '--json']
  const { stdout } = await run(node, args, { timeout: 600_000 })
  return { version: await versionOf(node), rows: JSON.parse(stdout) }
}

function cells({ name, nanoseconds, ratio, kept }, version) {
  return [titles[name], version, nanoseconds.toFixed(0), ratio.toFixed(2), kept.toFixed(0)]
}
