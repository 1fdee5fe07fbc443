// Sends and handles a million messages through kafkajs, amqplib and by hand, in a process of its own: one by
// one, in batches, failed and tried again, acknowledged late and never, with headers that are not what they
// should be. There is no broker. Fails unless every span that began has ended, every handler had the
// tenant of its message, nothing was said to `diag`, and the heap does not grow from the middle of the
// run to its end. Usage, on built packages: node scripts/soak-messages.js [MESSAGES]
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const DEADLINE_MILLIS = 900_000
const MEGABYTE = 1024 * 1024
const MAX_HEAP_GROWTH = MEGABYTE

const messages = Number(process.argv[2] ?? 1_000_000)
const script = fileURLToPath(new URL('./soak/messages.js', import.meta.url))
const { stdout } = await promisify(execFile)(
  process.execPath,
  ['--expose-gc', script, String(messages)],
  { timeout: DEADLINE_MILLIS, killSignal: 'SIGKILL' },
)
const { sent, handled, lost, started, ended, errors, warnings, middle, end } = JSON.parse(stdout)
const megabytes = (bytes) => (bytes / MEGABYTE).toFixed(1)
console.log(
  `${sent} messages; spans ${started} started, ${ended} ended, ${errors} errors; heap ${megabytes(middle)} MB in the middle, ${megabytes(end)} MB at the end`,
)
const problems = [
  ...(ended === started ? [] : [`${started - ended} spans never ended`]),
  ...(started > 2 * sent ? [] : ['there are too few spans']),
  ...(errors > 0 ? [] : ['no thrown error was seen']),
  ...(handled > 0 && lost === 0 ? [] : [`${lost} of ${handled} handlers had not their tenant`]),
  ...(end - middle < MAX_HEAP_GROWTH ? [] : [`the heap grew by ${megabytes(end - middle)} MB`]),
  ...new Set(warnings),
]
for (const problem of problems) console.log(`  ${problem}`)
process.exitCode = problems.length > 0 ? 1 : 0
