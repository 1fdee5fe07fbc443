// Drives 100,000 mixed requests (answered, 404, thrown, streamed, abandoned; kept alive and pipelined)
// through each framework, and fails unless every span that began has ended, no warning was raised, and
// the heap does not grow from the middle of the run to its end.
// Usage, on built packages: node scripts/soak.js [REQUESTS] [FRAMEWORK …]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { load } from './soak/load.js'

const DEADLINE_MILLIS = 900_000
const MEGABYTE = 1024 * 1024

const [count = '100000', ...names] = process.argv.slice(2)
const requests = Number(count)
const frameworks = names.length > 0 ? names : ['express', 'koa', 'fastify', 'node', 'hono', 'nest']
let failed = false

for (const framework of frameworks) {
  const server = fork(fileURLToPath(new URL('./soak/server.js', import.meta.url)), [framework], {
    execArgv: ['--expose-gc'],
  })
  const deadline = setTimeout(() => server.kill('SIGKILL'), DEADLINE_MILLIS)
  try {
    const problems = await soak(framework, server)
    for (const problem of problems) console.log(`  ${framework}: ${problem}`)
    failed ||= problems.length > 0
  } catch (error) {
    failed = true
    console.log(`  ${framework}: ${error.message}`)
  } finally {
    clearTimeout(deadline)
    server.kill()
  }
}
process.exitCode = failed ? 1 : 0

async function soak(framework, server) {
  const [{ port }] = await once(server, 'message')
  // The first tenth only warms up: code is compiled and pools are filled.
  const parts = [await load(port, requests / 10)]
  parts.push(await load(port, requests * 0.4))
  const middle = await measure(server)
  parts.push(await load(port, requests / 2))
  const sent = parts.reduce((sum, part) => sum + part.sent, 0)
  const abandoned = parts.reduce((sum, part) => sum + part.abandoned, 0)
  const end = await measureAll(server, sent)
  const growth = (end.heap - middle.heap) / MEGABYTE
  console.log(
    `${framework}: ${sent} requests, ${abandoned} of them abandoned; spans ${end.started} started, ${end.ended} ended, ${end.errors} errors; heap ${(middle.heap / MEGABYTE).toFixed(1)} MB in the middle, ${(end.heap / MEGABYTE).toFixed(1)} MB at the end`,
  )
  return [
    ...(end.started === sent ? [] : [`${sent} requests, but ${end.started} spans`]),
    ...(end.ended === end.started ? [] : [`${end.started - end.ended} spans never ended`]),
    ...(end.errors > abandoned ? [] : ['no thrown error was seen']),
    ...(growth < 1 ? [] : [`the heap grew by ${growth.toFixed(1)} MB in the second half`]),
    ...end.warnings,
  ]
}

async function measure(server) {
  server.send('measure')
  const [counts] = await once(server, 'message')
  return counts
}

// The server hears of the last abandoned connections a moment after the client has left.
async function measureAll(server, sent) {
  let counts = await measure(server)
  for (let attempt = 0; attempt < 50 && counts.ended < sent; attempt += 1)
    counts = await measure(server)
  return counts
}
