import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { markdown, table } from './table.js'
import { frameworks, variants } from './variants.js'

const require = createRequire(import.meta.url)

/** The page `docs/benchmarks.md` for one run. */
export function page({ summary, options, args }) {
  const command = ['npm run bench --prefix benchmarks', ...(args.length > 0 ? ['--', ...args] : [])]
  return `# What tracing costs

${description(options)}

## Results

The run of ${new Date().toISOString().slice(0, 10)}: Node ${process.version}, ${processor()}.

${table(summary)}

${readingGuide}

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

const description = ({ requests, warmup, rounds, connections }) => `\
The number that counts is CPU time: the microseconds that tracing adds to a request, as
(CPU used by the server process with tracing − CPU used without) ÷ requests. It is read with
\`process.cpuUsage()\` in the server process, user and system time of all its threads, and takes
in everything up to the last byte of the export. This page is written by the run that measured it.

- Every server is a process of its own, started afresh for each measurement. The caller (autocannon)
  and the collector that receives the spans are two more. All talk over the loopback.
- A request is \`GET /users/:id?x=1\` with \`traceparent\`, \`tracestate\` and \`baggage\`
  (\`tenant.id\`, \`user.id\`) headers. The handler waits one turn of the event loop and answers about
  200 bytes of JSON.
- Sampled: the caller's \`traceparent\` has the flag 01, and the span is exported. Unsampled: it has
  the flag 00, and nothing is.
- ${warmup} requests warm a server up, ${requests} are measured, over ${connections} connections,
  as fast as they are answered.
- ${rounds === 1 ? 'One round' : `${rounds} rounds`} over all servers, one after the other. What
  tracing adds is taken within a round, against the untraced server of that round; the tables show
  the median of the rounds.
- The collector counts the spans. A sampled variant whose SERVER spans are not as many as the
  requests, within one in a hundred, fails the run, and so does an unsampled one that exports any.`

const readingGuide = `\
*µs a request* is the CPU time of the whole request. *Added µs* is what tracing adds to it, and
*lowest to highest* the rounds between which that varied. *× no tracing* compares the whole request
with the untraced one, and *added, × minimum* compares what is added with what the hand-written
minimum adds. Compare within a table: the absolute numbers are those of one machine on one day.`

const hints = `\
\`--quick\` only tries out that everything works. \`--peers all\` adds dd-trace and @sentry/node.
\`--frameworks\`, \`--variants\`, \`--rounds\`, \`--requests\`, \`--warmup\` and \`--connections\` choose
what runs and how much of it, \`--json FILE\` keeps every sample, and \`--cpu-prof DIR\` writes a CPU
profile of every server. This page is written by a whole run, that is one without \`--quick\`, \`--frameworks\`,
\`--variants\` and \`--cpu-prof\`; \`--page FILE\` writes it elsewhere.`

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
