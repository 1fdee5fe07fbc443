// `node viewer.js`: how many spans a second the viewer takes in over HTTP for each second of CPU, how
// long queries take when 200,000 spans are kept, and the memory it holds then.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { exportRequest } from './viewer/traces.js'

const BATCH = 512
const BATCHES = Math.ceil(200_000 / BATCH) + 100
const AT_ONCE = 4
const QUERIES = {
  'attribute (tenant.id=tenant-7)': 'tenant.id=tenant-7',
  'free text (no hit)': 'nothing-has-this',
  'free text (hits)': 'inventory',
  'duration (dur>100ms)': 'dur>100ms',
  'regular expression (http.route~^/stock)': 'http.route~^/stock',
  everything: '',
}

const child = fork(fileURLToPath(new URL('./viewer/server.js', import.meta.url)), {
  execArgv: ['--expose-gc'],
})
const [{ url }] = await once(child, 'message')

console.log(`Node ${process.version}, ${BATCH} spans a request, ${AT_ONCE} requests at once\n`)
await measureIngest('protobuf', (body) => body, 0)
await measureIngest('protobuf, gzip', (body) => gzipSync(body, { level: 1 }), BATCHES)
await measureQueries()
const { rss, heapUsed } = await usage()
console.log(`\nmemory at the caps: ${mib(rss)} MiB resident, ${mib(heapUsed)} MiB of heap`)
child.disconnect()

async function measureIngest(name, pack, first) {
  const bodies = []
  for (let index = 0; index < BATCHES; index++)
    bodies.push(pack(exportRequest(BATCH, first + index)))
  const headers = {
    'content-type': 'application/x-protobuf',
    ...(name.includes('gzip') ? { 'content-encoding': 'gzip' } : {}),
  }
  const before = await usage()
  const began = performance.now()
  const send = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      await response.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, send))
  const seconds = (performance.now() - began) / 1000
  const cpu = (await usage()).cpuSeconds - before.cpuSeconds
  const spans = BATCH * BATCHES
  console.log(
    `ingest, ${name}: ${count(spans / cpu)} spans/s of CPU, ${count(spans / seconds)} spans/s by the clock`,
  )
}

async function measureQueries() {
  const stats = await read('/api/local/stats')
  console.log(
    `\nqueries over ${count(stats.spans)} spans in ${count(stats.traces)} traces, ms: first, median of 9`,
  )
  for (const [name, q] of Object.entries(QUERIES)) {
    const took = []
    let matched = 0
    for (let round = 0; round < 10; round++) {
      const answer = await read(`/api/local/traces?limit=50&q=${encodeURIComponent(q)}`)
      took.push(answer.took)
      matched = answer.matched
    }
    const [first, ...rest] = took
    rest.sort((a, b) => a - b)
    console.log(`  ${name}: ${first.toFixed(1)}, ${rest[4].toFixed(1)}  (${count(matched)} traces)`)
  }
  for (const path of ['operations', 'map'])
    console.log(`  ${path}: ${(await read(`/api/local/${path}`)).took.toFixed(1)}`)
}

async function read(path) {
  return (await fetch(url + path)).json()
}

async function usage() {
  child.send('usage')
  const [answer] = await once(child, 'message')
  return answer
}

function count(number) {
  return Math.round(number).toLocaleString('en')
}

function mib(bytes) {
  return Math.round(bytes / 1024 / 1024)
}
