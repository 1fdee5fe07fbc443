// Makes gRPC calls over loopback (answered, failed, streamed, called off, over their deadline, their server's
// message too large) and GraphQL operations (answered, failed in part, failed at once, subscribed and left),
// each in a process of its own. Fails unless every span that began has ended, every handler had the tenant
// of its caller, no warning was raised, and the heap does not grow from the middle of the run to its end.
// Usage, on built packages: node scripts/soak-calls.js [CALLS] [grpc | graphql …]
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const DEADLINE_MILLIS = 900_000
const MEGABYTE = 1024 * 1024
const MAX_HEAP_GROWTH = MEGABYTE

const [count = '100000', ...names] = process.argv.slice(2)
let failed = false
for (const name of names.length > 0 ? names : ['grpc', 'graphql']) {
  const script = fileURLToPath(new URL(`./soak/${name}-calls.js`, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, count], {
    timeout: DEADLINE_MILLIS,
    killSignal: 'SIGKILL',
  })
  const problems = judge(name, JSON.parse(stdout))
  for (const problem of problems) console.log(`  ${name}: ${problem}`)
  failed ||= problems.length > 0
}
process.exitCode = failed ? 1 : 0

function judge(name, { made, handled, lost, started, ended, errors, warnings, middle, end }) {
  const megabytes = (bytes) => (bytes / MEGABYTE).toFixed(1)
  console.log(
    `${name}: ${made} calls; spans ${started} started, ${ended} ended, ${errors} errors; heap ${megabytes(middle)} MB in the middle, ${megabytes(end)} MB at the end`,
  )
  return [
    ...(ended === started ? [] : [`${started - ended} spans never ended`]),
    ...(started >= made ? [] : ['there are too few spans']),
    ...(errors > 0 ? [] : ['no failure was seen']),
    ...(handled > 0 && lost === 0 ? [] : [`${lost} of ${handled} handlers had not their tenant`]),
    ...(end - middle < MAX_HEAP_GROWTH ? [] : [`the heap grew by ${megabytes(end - middle)} MB`]),
    ...new Set(warnings),
  ]
}
