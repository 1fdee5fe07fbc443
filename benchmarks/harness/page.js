import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg } from 'node:os'
import { markdown, table } from './table.js'
import { frameworks, variants } from './variants.js'

const require = createRequire(import.meta.url)
const load = loadavg()[0].toFixed(1)

/** The page `docs/benchmarks.md` for one run. */
export function page({ summary, options, args, checks }) {
  const command = ['npm run bench --prefix benchmarks', ...(args.length > 0 ? ['--', ...args] : [])]
  return `# What tracing costs

${description(options)}

## Results

The run of ${new Date().toISOString().slice(0, 10)}: Node ${process.version}, ${processor()},
load average ${load} when it began.

${table(summary)}

${readingGuide}

## Hostile headers

15 kB of the worst bytes that we could think of, read by each codec: the milliseconds that one header
costs. More than 0.2 ms, or a cost that grows faster than the length, fails the run. \`node
scripts/hostile-headers.js\` repeats it.

\`\`\`text
${checks.hostile}
\`\`\`

## Soak

100,000 requests through each framework, kept alive and pipelined: answered, not found, thrown,
streamed, and abandoned by the client in the middle of the answer. A span that does not end, a
warning, or a heap that grows in the second half fails the run. \`node scripts/soak.js\` repeats it.

\`\`\`text
${checks.soak}
\`\`\`

## What was compared

${compared(summary)}

${versions(summary)}

## Run it again

From a checkout, after \`npm install\` and \`npm run build\`:

\`\`\`sh
npm install --prefix benchmarks
${command.join(' ')}
\`\`\`

${hints}
`
}

const description = ({ rounds, turns, requests, warmup, connections }) => `\
The number that counts is CPU time: the microseconds that tracing adds to a request, as
(CPU used by the server process with tracing − CPU used without) ÷ requests. It is read with
\`process.cpuUsage()\` in the server process: user and system time of all its threads, up to and
with the export of the last span. This page is written by the run that measured it.

- Every server is a process of its own. So are the caller (autocannon) and the collector that
  receives the spans. All talk over the loopback.
- A request is \`GET /users/:id?x=1\` with \`traceparent\`, \`tracestate\` and \`baggage\`
  (\`tenant.id\`, \`user.id\`) headers. The handler waits one turn of the event loop and answers about
  200 bytes of JSON.
- Sampled: the caller's \`traceparent\` has the flag 01, and the span is exported. Unsampled: it has
  the flag 00, and nothing is.
- Rounds: ${rounds}, each with fresh processes. In a round the servers of a framework live side by
  side: each is warmed up with ${warmup} requests, then they take turns, ${turns} turns of ${requests} requests
  over ${connections} connections, as fast as they are answered.
- What tracing adds is taken within a round, against the untraced server of that round. The tables
  show the median of the rounds.
- The collector counts the spans. A sampled variant whose SERVER spans are not as many as the
  requests, within one in a hundred, fails the run, and so does an unsampled one that exports any.`

const readingGuide = `\
*µs a request* is the CPU time of the whole request. *Added µs* is what tracing adds to it, and
*lowest to highest* the rounds between which that varied. *× no tracing* compares the whole request
with the untraced one, and *added, × minimum* compares what is added with what the hand-written
minimum adds. Compare within a table: the absolute numbers are those of one machine on one day.`

const hints = `\
\`--quick\` only tries out that everything works. \`--peers all\` adds dd-trace and @sentry/node.
\`--frameworks\`, \`--variants\`, \`--rounds\`, \`--turns\`, \`--requests\`, \`--warmup\` and
\`--connections\` choose what runs and how much of it. \`--json FILE\` keeps every sample, and
\`--cpu-prof DIR\` a CPU profile of every server. Only a run of everything writes this page; with
\`--page FILE\` any run writes one.`

const compared = (summary) =>
  variantsOf(summary)
    .map((name) => `- **${variants[name].title}**: ${variants[name].description}`)
    .join('\n')

const variantsOf = (summary) => [...new Set(summary.map(({ variant }) => variant))]

function versions(summary) {
  const used = new Set(summary.map(({ framework }) => framework))
  const packages = [
    ...Object.keys(frameworks).filter((name) => used.has(name)),
    ...variantsOf(summary).flatMap((name) => variants[name].packages),
  ]
  const rows = [...new Set(packages)].map((name) => [name, versionOf(name)])
  return markdown([['package', 'version'], ...rows])
}

// Read from the file: few packages export their package.json.
function versionOf(name) {
  for (const folder of require.resolve.paths(name)) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version
    } catch {}
  }
  return 'not found'
}

const processor = () => `${cpus().length} × ${cpus()[0].model.trim()}`
