// Throws random and hostile headers at the codecs of the built @callchain/core and compares what
// they read with the slow readings of the grammars: `node scripts/fuzz-headers.js [COUNT] [SEED]`.
import { checkHeader } from './fuzz-headers/check-header.js'
import { createRandom } from './fuzz-headers/random.js'
import { randomHeader } from './fuzz-headers/random-header.js'

const count = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32))
const random = createRandom(seed)
const counts = {
  headers: 0,
  characters: 0,
  traceparents: 0,
  tracestates: 0,
  members: 0,
  dropped: 0,
}
const started = performance.now()

console.log(`${count} headers, seed ${seed}`)
while (counts.headers < count && process.exitCode === undefined) {
  const header = randomHeader(random)
  counts.headers++
  counts.characters += header.length
  try {
    checkHeader(header, counts)
  } catch (error) {
    console.error(`Header ${counts.headers}: ${JSON.stringify(header)}\n`, error)
    process.exitCode = 1
  }
}
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(
  `${counts.headers} headers of ${counts.characters} characters in ${seconds} s: ` +
    `${counts.traceparents} legal traceparents, ${counts.tracestates} legal tracestates, ` +
    `${counts.members} baggage members read, ${counts.dropped} dropped`,
)
