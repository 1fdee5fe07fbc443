import { markdown } from '../harness/markdown.js'
import { versions } from '../harness/versions.js'
import { variants } from '../start-up/cells.js'
import { measureStartUp } from '../start-up/measure.js'

/** How long loading and starting takes. */
export const startUp = {
  title: 'Start-up',

  measure: ({ quick, node }) => measureStartUp({ node, times: quick ? 3 : 21 }),

  render: (rows) => `\
How long a process has lived when tracing is loaded and started, nothing else being done, and what
that adds to a Node that loads nothing. Our packages are those that npm packs, bundled; files are
those that Node has loaded, its own not counted.

${markdown([
  ['what is started', 'ms', 'added ms', 'least added', 'added ms of CPU', 'files'],
  ...rows.map(row),
])}

The table shows the median of the starts; each is compared with the bare Node that was started just
before it. With \`http/json\` Callchain loads OpenTelemetry's serialiser. dd-trace is started without
its telemetry.

Versions: ${versions(rows.flatMap(({ name }) => variants[name].packages))}.`,
}

function row({ name, millis, addedMillis, leastMillis, addedCpu, files }) {
  const { title } = variants[name]
  if (name === 'bare') return [title, millis.toFixed(0), '', '', '', String(files)]
  const numbers = [millis, addedMillis, leastMillis, addedCpu].map((number) => number.toFixed(0))
  return [title, ...numbers, String(files)]
}
