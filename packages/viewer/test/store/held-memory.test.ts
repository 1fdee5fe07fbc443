import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createDecodeContext, type DecodeContext } from '../../src/otlp/decode-context.ts'
import { decodeLogs } from '../../src/otlp/decode-logs.ts'
import { decodeTraces } from '../../src/otlp/decode-traces.ts'
import { createMemoryStore, type MemoryStore } from '../../src/store/memory-store.ts'
import { encode } from '../otlp/protocol.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(240_000)

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const CHARGED = 2_000_000
const MOST_FOR_A_BYTE = 1.3
// What a row takes beside is bounded by the number of rows.
const MOST_FOR_A_SPAN = 200
const MOST_FOR_A_LINE = 500
// A collection that frees less than this has nothing left to find.
const AT_REST = 20_000
const UNLIMITED = {
  maxSpans: 1e9,
  maxBytes: 1e12,
  maxTraceSpans: 1e9,
  maxLogs: 1e9,
  maxLogBytes: 1e12,
}

const word = (length = 8): string => randomBytes(length / 2).toString('hex')
const times = <Made>(count: number, make: (index: number) => Made): Made[] =>
  Array.from({ length: count }, (_, index) => make(index))
const halfOf = (id: Buffer): Buffer => Buffer.from([(id[0] ?? 0) ^ 0x80, ...id.subarray(1)])
const number = { intValue: '1' }
const nested = (depth: number, around: (value: object) => object): object =>
  depth === 0 ? number : around(nested(depth - 1, around))
const listOf = (...values: object[]): object => ({ arrayValue: { values } })
const mapOf = (...values: object[]): object => ({ kvlistValue: { values } })
const entry = (value: object): object => ({ key: word(), value })
const trace = randomBytes(16)

/** Adds what one request brings. */
type Fill = (context: DecodeContext, store: MemoryStore) => void

/** Fields of a span that take as much memory as they can for what they count. */
const SPANS: Readonly<Record<string, () => object>> = {
  'without anything': () => ({ traceId: trace }),
  'each in a trace of its own': () => ({}),
  "that are the server's half of a shared one": () => {
    const parentSpanId = randomBytes(8)
    return { traceId: trace, parentSpanId, spanId: halfOf(parentSpanId) }
  },
  'with names that nobody else has': () => ({ name: word(60) }),
  'with a key that nobody else has': () => ({ attributes: [entry(number)] }),
  'with a hundred keys that nobody else has': () => ({
    attributes: times(100, () => entry(number)),
  }),
  'with values that nobody else has': () => ({
    attributes: times(50, (index) => ({ key: `k${index}`, value: { stringValue: word(6) } })),
  }),
  'with short texts beyond Latin': () => ({
    attributes: times(50, (index) => ({
      key: `k${index}`,
      value: { stringValue: `${'日'.repeat(20)}${word(4)}` },
    })),
  }),
  'with large integers': () => ({
    attributes: times(50, (index) => ({
      key: `k${index}`,
      value: { intValue: '9007199254740993' },
    })),
  }),
  'with a few bytes each': () => ({
    attributes: times(50, (index) => ({
      key: `k${index}`,
      value: { bytesValue: Buffer.from('a') },
    })),
  }),
  'with lists of one': () => ({
    attributes: times(50, (index) => ({ key: `k${index}`, value: listOf(number) })),
  }),
  'with lists in lists': () => ({
    attributes: times(10, (index) => ({ key: `k${index}`, value: nested(30, listOf) })),
  }),
  'with empty maps': () => ({
    attributes: times(50, (index) => ({ key: `k${index}`, value: mapOf() })),
  }),
  'with maps in maps': () => ({
    attributes: times(10, (index) => ({
      key: `k${index}`,
      value: nested(30, (value) => mapOf(entry(value))),
    })),
  }),
  'with a wide map': () => ({ attributes: [entry(mapOf(...times(200, () => entry(number))))] }),
  'with events': () => ({ events: times(50, () => ({ timeUnixNano: 7e18, name: word(10) })) }),
  'with events that have keys': () => ({
    events: times(50, () => ({ name: 'e', attributes: [entry(number)] })),
  }),
  'with links to a trace each': () => ({
    links: times(50, () => ({ traceId: randomBytes(16), spanId: randomBytes(8) })),
  }),
  'with one link': () => ({ links: [{ traceId: randomBytes(16), spanId: randomBytes(8) }] }),
}

const LINES: Readonly<Record<string, () => object>> = {
  'of a trace each': () => ({ traceId: randomBytes(16), spanId: randomBytes(8) }),
  'with keys that nobody else has': () => ({ attributes: times(20, () => entry(number)) }),
  'with maps for a body': () => ({ body: nested(30, (value) => mapOf(entry(value))) }),
  'with events that nobody else has': () => ({ eventName: word(200), severityText: word(30) }),
}

const GROUPS: Readonly<Record<string, () => object>> = {
  services: () => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: word() } }] },
  }),
  resources: () => ({ resource: { attributes: times(5, () => entry({ stringValue: word() })) } }),
}

describe('What is kept takes little more memory than it counts for', () => {
  it.each(Object.keys(SPANS))('spans %s', (name) => {
    expectCharged(fillWithSpans(() => ({ scopeSpans: [{ spans: times(5, spanOf(name)) }] })))
  })

  it.each(Object.keys(GROUPS))('spans with unique values of %s', (name) => {
    const group = GROUPS[name]
    expectCharged(fillWithSpans(() => ({ ...group?.(), scopeSpans: [{ spans: [spanOf('')()] }] })))
  })

  it('spans with unique scopes', () => {
    expectCharged(
      fillWithSpans(() => ({
        scopeSpans: times(5, () => ({
          scope: { name: word(), attributes: times(5, () => entry(number)) },
          spans: [spanOf('')()],
        })),
      })),
    )
  })

  it.each(Object.keys(LINES))('log lines %s', (name) => {
    expectCharged((context, store) => {
      const logRecords = times(20, () => LINES[name]?.() ?? {})
      const message = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
      store.add(decodeLogs(encode('ExportLogsServiceRequest', message), context))
    })
  })
})

function spanOf(name: string): () => object {
  return () => ({
    traceId: randomBytes(16),
    spanId: randomBytes(8),
    parentSpanId: randomBytes(8),
    name: 'x',
    startTimeUnixNano: '1795365007123456789',
    endTimeUnixNano: '1795365009999999999',
    ...SPANS[name]?.(),
  })
}

function fillWithSpans(group: () => object): Fill {
  return (context, store) => {
    const body = encode('ExportTraceServiceRequest', { resourceSpans: times(5, group) })
    store.add(decodeTraces(body, context))
  }
}

/** Fills a store, and compares what it counts with what the heap has grown by. */
function expectCharged(fill: Fill): void {
  const store = createMemoryStore(UNLIMITED)
  // What is made once, as the machine's code for this, does not count.
  fillBy(CHARGED, store, fill)
  let forByte = takenForByte(store, fill)
  // A table doubles at times, and pays for what comes next; others in this process take memory, too.
  for (let again = 0; again < 2 && forByte >= MOST_FOR_A_BYTE; again++)
    forByte = takenForByte(store, fill)
  expect(forByte).toBeLessThan(MOST_FOR_A_BYTE)
}

function takenForByte(store: MemoryStore, fill: Fill): number {
  const before = stateOf(store)
  fillBy(CHARGED, store, fill)
  const after = stateOf(store)
  const forRows = MOST_FOR_A_SPAN * (after.spans - before.spans)
  const forLines = MOST_FOR_A_LINE * (after.logs - before.logs)
  const grown = after.memory - before.memory - forRows - forLines
  return grown / (after.bytes - before.bytes)
}

function fillBy(bytes: number, store: MemoryStore, fill: Fill): void {
  // Is gone afterwards: what it remembers is bounded by itself.
  const context = createDecodeContext()
  const most = bytesOf(store) + bytes
  while (bytesOf(store) < most) fill(context, store)
}

function stateOf(store: MemoryStore) {
  return {
    memory: memory(),
    bytes: bytesOf(store),
    spans: store.spanCount,
    logs: store.logs.size,
  }
}

function bytesOf(store: MemoryStore): number {
  return store.bytes + store.logs.bytes
}

/** What is reachable: one collection leaves megabytes of what the next ones find to be garbage. */
function memory(): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 20; round++) {
    collectGarbage()
    const { heapUsed, external } = process.memoryUsage()
    const now = heapUsed + external
    if (now > least - AT_REST) return Math.min(now, least)
    least = now
  }
  return least
}
