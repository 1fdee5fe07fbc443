// Measures what the worst header of 15 kB costs the codecs of the built @callchain/core, and that
// twice the length costs about twice the time: `node scripts/hostile-headers.js [MILLISECONDS]`. The
// limit is for a machine at rest: where a plain loop takes longer than it does there, because the
// machine is slower or shared, readings count for less in proportion.
import { setTimeout as pause } from 'node:timers/promises'
import {
  decodeBaggageValue,
  formatBaggage,
  parseBaggage,
} from '../packages/core/dist/esm/w3c/baggage.js'
import { parseTraceparent } from '../packages/core/dist/esm/w3c/traceparent.js'
import { formatTracestate, parseTracestate } from '../packages/core/dist/esm/w3c/tracestate.js'

const LENGTH = 15_000
const limit = Number(process.argv[2] ?? 0.2)
/** Of baggage, every member within 8,192 bytes is read: 2,731 of the shortest, less than 0.1 µs each at rest. */
const BAGGAGE_LIMIT = 2 * limit

const fill = (piece, length) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
const repeated = (piece) => (length) => fill(piece, length)
// Joined, not added: what comes from the socket is one flat string as well.
const after = (start, piece) => (length) => [start, fill(piece, length - start.length)].join('')

const HEADERS = {
  'commas only': repeated(','),
  'commas and spaces': repeated(', '),
  'equals signs only': repeated('='),
  'semicolons only': repeated(';'),
  'spaces only': repeated(' '),
  'tabs, then one member': (length) => `${fill('\t', length - 3)}a=1`,
  'one member, then spaces': after('a=1', ' '),
  'spaces within a member': (length) => `a${fill(' ', length - 3)}=1`,
  'spaces between two members': (length) => `a=1${fill(' ', length - 7)},b=2`,
  'spaces around semicolons': after('a=1', ' ; '),
  'empty properties': after('a=', ';'),
  'properties of one letter': after('a=', ';p'),
  'properties with spaces': after('a=', ' ; p = v'),
  'percent signs only': after('a=', '%'),
  'encoded ASCII': after('a=', '%41'),
  'encoded continuation bytes': after('a=', '%80'),
  'encoded lead bytes': after('a=', '%F0'),
  'encoded emoji': after('a=', '%F0%9F%A6%8A'),
  'encoded and broken by turns': after('a=', '%4%FF'),
  'high bytes': repeated('\u00ff'),
  'high bytes in a value': after('a=', '\u00e9'),
  'two-byte characters': after('a=', '\u0100'),
  'one giant key': repeated('k'),
  'one giant value': after('a=', 'v'),
  'members of one letter': repeated('a,'),
  'members of one key': repeated('a=,'),
  'thousands of members': (length) =>
    Array.from({ length: length / 6 }, (_, i) => `k${i.toString(36)}=1`).join(','),
  'members of one key to the limit': (length) => repeated(`${fill('k=vvvv', 127)},`)(length),
  'a legal traceparent with a tail': after(`cc-${'a'.repeat(32)}-${'b'.repeat(16)}-01-`, 'x'),
  'hexadecimal digits': repeated('0'),
  'control characters': repeated('\0\u007f'),
}

const READERS = {
  traceparent: parseTraceparent,
  tracestate: (header) => {
    const state = parseTracestate(header)
    return state && formatTracestate(state)
  },
  baggage: (header) => {
    const { members } = parseBaggage(header)
    for (const { encodedValue } of members) decodeBaggageValue(encodedValue)
    return formatBaggage(members.map(({ text }) => text))
  },
  'baggage value': (header) => decodeBaggageValue(header),
}

/** A plain loop over a text; what it costs tells how fast the machine is just now. */
function yardstick(text) {
  let sum = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    sum = code === 37 ? (sum * 31 + code) | 0 : sum ^ code
  }
  return sum
}
const YARDSTICK_TEXT = fill('!abcdefghij%', LENGTH)
/** What it costs, in milliseconds, on the machine at rest that the limit was set on. */
const YARDSTICK_COST = 0.035

function time(work, argument) {
  const started = performance.now()
  work(argument)
  return performance.now() - started
}

/**
 * Milliseconds a reading on a machine at rest: the fastest of many, since others use the machine as
 * well, by the yardstick, which is read by turns and is slowed down with it.
 */
function cost(read, header) {
  let fastest = Number.POSITIVE_INFINITY
  let fastestYardstick = Number.POSITIVE_INFINITY
  for (let round = 0; round < 60; round++) {
    fastest = Math.min(fastest, time(read, header))
    fastestYardstick = Math.min(fastestYardstick, time(yardstick, YARDSTICK_TEXT))
  }
  return fastest * Math.min(1, YARDSTICK_COST / fastestYardstick)
}

/** What a header costs at its length and at eight times it; measured again when it seems too much. */
async function measure(read, make, most) {
  let result
  for (let attempt = 0; attempt < 10 && !result?.passes; attempt++) {
    if (attempt > 0) await pause(100)
    const [once, eightfold] = [cost(read, make(LENGTH)), cost(read, make(LENGTH * 8))]
    const growth = eightfold / Math.max(once, 0.005)
    // In proportion to the length growth is 8, to its square it would be 64.
    result = { once, growth, passes: once <= most && growth <= 20 }
  }
  return result
}

for (const make of Object.values(HEADERS)) {
  for (const read of Object.values(READERS)) cost(read, make(LENGTH))
}
for (const [reader, read] of Object.entries(READERS)) {
  const results = []
  const most = reader === 'baggage' ? BAGGAGE_LIMIT : limit
  for (const [name, make] of Object.entries(HEADERS)) {
    results.push({ name, ...(await measure(read, make, most)) })
  }
  for (const { name, once, growth } of results.filter(({ passes }) => !passes)) {
    console.error(`${reader}, ${name}: ${once.toFixed(4)} ms, 8x the length ${growth.toFixed(1)}x`)
    process.exitCode = 1
  }
  const worst = results.reduce((a, b) => (b.once > a.once ? b : a))
  const steepest = Math.max(...results.map(({ growth }) => growth)).toFixed(1)
  console.log(
    `${reader}: ${worst.once.toFixed(4)} ms at most (${worst.name}); ` +
      `8x the length costs ${steepest}x at most`,
  )
}
