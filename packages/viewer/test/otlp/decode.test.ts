import fc from 'fast-check'
import { attributesToJson, toJson } from '../../src/model/attributes.ts'
import type { SpanRow } from '../../src/model/rows.ts'
import { toNanoString } from '../../src/model/time.ts'
import { countMetrics } from '../../src/otlp/count-metrics.ts'
import { createDecodeContext } from '../../src/otlp/decode-context.ts'
import { decodeLogs } from '../../src/otlp/decode-logs.ts'
import { decodeTraces } from '../../src/otlp/decode-traces.ts'
import { readOtlpJson } from '../../src/otlp/read-json.ts'
import { MalformedError } from '../../src/otlp/wire-reader.ts'
import { decode, encode, message } from './protocol.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

const id = (bytes: number): fc.Arbitrary<Buffer> =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .filter((each) => each.some((byte) => byte !== 0))
    .map((each) => Buffer.from(each))
const { value } = fc.letrec<{ value: object; list: object; object: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'grapheme' }).map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((each) => ({ intValue: `${each}` })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
    fc.uint8Array().map((each) => ({ bytesValue: Buffer.from(each) })),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
  object: fc
    .dictionary(fc.string(), tie('value'), { maxKeys: 3 })
    .map((each) => ({ kvlistValue: { values: pairs(each) } })),
}))
const pairs = (each: Record<string, unknown>): object[] =>
  Object.entries(each).map(([key, of]) => ({ key, value: of }))
const attributes = fc.dictionary(fc.string(), value, { maxKeys: 6 }).map(pairs)
const time = fc.bigInt({ min: 1n, max: 2n ** 61n }).map(String)
const count = fc.nat({ max: 2 ** 31 - 1 })
const text = fc.string({ unit: 'grapheme', maxLength: 100 })
const span = fc.record({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: fc.option(id(8), { nil: undefined }),
  traceState: text,
  name: text,
  kind: fc.nat({ max: 5 }),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  attributes,
  droppedAttributesCount: count,
  events: fc.array(fc.record({ timeUnixNano: time, name: text, attributes }), { maxLength: 3 }),
  links: fc.array(fc.record({ traceId: id(16), spanId: id(8), attributes }), { maxLength: 2 }),
  status: fc.record({ code: fc.nat({ max: 2 }), message: text }),
  flags: count,
})
const request = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeSpans: fc.array(
        fc.record({
          scope: fc.record({ name: text, version: text, attributes }),
          spans: fc.array(span, { maxLength: 4 }),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
})

/** What protobufjs makes of an AnyValue, as our rows would have it. */
function plain(any: unknown): unknown {
  const each = any as Record<string, never>
  if (each.intValue !== undefined) {
    const number = Number(each.intValue)
    return Number.isSafeInteger(number) ? number : each.intValue
  }
  if (each.bytesValue !== undefined)
    return { base64: Buffer.from(each.bytesValue).toString('base64') }
  if (each.arrayValue !== undefined) {
    const { values = [] } = each.arrayValue as { values?: unknown[] }
    return values.map(plain)
  }
  if (each.kvlistValue !== undefined)
    return plainPairs((each.kvlistValue as { values?: [] }).values)
  return each.stringValue ?? each.boolValue ?? each.doubleValue ?? null
}
function plainPairs(list: readonly { key?: string; value?: unknown }[] = []): unknown {
  const object: Record<string, unknown> = {}
  for (const { key = '', value: each } of list)
    Object.defineProperty(object, key, {
      value: plain(each ?? {}),
      enumerable: true,
      configurable: true,
    })
  return JSON.parse(JSON.stringify(object))
}
const ours = (row: SpanRow) => ({
  name: row.name,
  id: row.id,
  parent: row.parent,
  state: row.state,
  kind: row.kind,
  start: toNanoString(row),
  status: row.status,
  message: row.message,
  flags: row.flags,
  dropped: row.dropped?.attributes ?? 0,
  attributes: JSON.parse(JSON.stringify(attributesToJson(row))),
  resource: JSON.parse(JSON.stringify(attributesToJson(row.resource.attributes))),
  scope: `${row.scope.name} ${row.scope.version}`,
  events: row.events.map((event) => [
    event.name,
    toNanoString(event),
    JSON.parse(JSON.stringify(attributesToJson(event))),
  ]),
  links: row.links.map((link) => [link.trace, link.span]),
})
type Loose = Record<string, never>
const theirs = (bytes: Buffer): unknown[] => {
  const { resourceSpans = [] } = decode('ExportTraceServiceRequest', bytes) as Loose
  return (resourceSpans as Loose[]).flatMap(({ resource, scopeSpans = [] as never }) =>
    (scopeSpans as Loose[]).flatMap(({ scope, spans = [] as never }) =>
      (spans as Loose[]).map((each) => theirSpan(each, resource ?? {}, scope ?? ({} as never))),
    ),
  )
}
const hex = (bytes: unknown): string => Buffer.from((bytes ?? '') as Buffer).toString('hex')
function theirSpan(each: Loose, resource: Loose, scope: Loose): unknown {
  const status = (each.status ?? {}) as Loose
  return {
    name: each.name || 'unknown',
    id: hex(each.spanId),
    parent: hex(each.parentSpanId),
    state: each.traceState ?? '',
    kind: each.kind ?? 0,
    start: each.startTimeUnixNano ?? '0',
    status: status.code ?? 0,
    message: status.message ?? '',
    flags: each.flags ?? 0,
    dropped: each.droppedAttributesCount ?? 0,
    attributes: plainPairs(each.attributes),
    resource: plainPairs(resource.attributes),
    scope: `${scope.name ?? ''} ${scope.version ?? ''}`,
    events: ((each.events ?? []) as Loose[]).map((event) => [
      event.name ?? '',
      event.timeUnixNano ?? '0',
      plainPairs(event.attributes),
    ]),
    links: ((each.links ?? []) as Loose[]).map((link) => [hex(link.traceId), hex(link.spanId)]),
  }
}

describe('The decoder of OTLP', () => {
  const context = createDecodeContext()

  it('reads every generated trace request as protobufjs reads it', () => {
    fc.assert(
      fc.property(request, (each) => {
        const bytes = encode('ExportTraceServiceRequest', each)
        const { spans, rejected } = decodeTraces(bytes, context)
        expect(rejected).toBe(0)
        expect(spans.map(ours)).toEqual(theirs(bytes))
      }),
      { numRuns: 200 },
    )
  })

  it('keeps nanoseconds exactly, in begin and in duration', () => {
    const { spans } = decodeTraces(
      oneSpan({ startTimeUnixNano: '1795365007123456789', endTimeUnixNano: '1795365007123456999' }),
      context,
    )
    expect(spans[0] && toNanoString(spans[0])).toBe('1795365007123456789')
    expect(spans[0]?.duration).toBe(210)
  })

  it('skips fields that it does not know, of every wire type, anywhere', () => {
    const unknown = Buffer.concat([
      Buffer.from([0xf8, 0x3f, 0x96, 0x01]),
      Buffer.from([0xf9, 0x3f, 1, 2, 3, 4, 5, 6, 7, 8]),
      Buffer.from([0xfa, 0x3f, 3, 1, 2, 3]),
      Buffer.from([0xfb, 0x3f, 0x08, 0x01, 0xfc, 0x3f]),
      Buffer.from([0xfd, 0x3f, 1, 2, 3, 4]),
    ])
    const inner = Buffer.concat([unknown, encode('Span', aSpan({ name: 'kept' })), unknown])
    const scope = Buffer.concat([unknown, wrap(2, inner), unknown])
    const body = Buffer.concat([wrap(1, Buffer.concat([unknown, wrap(2, scope)])), unknown])
    expect(decodeTraces(body, context).spans.map(({ name }) => name)).toEqual(['kept'])
  })

  it('refuses a request that is cut off, and never reads past its end', () => {
    const bytes = oneSpan({ attributes: [{ key: 'a', value: { stringValue: 'long enough' } }] })
    for (let length = 1; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length)
      expect(() => decodeTraces(cut, context)).toThrow(MalformedError)
    }
  })

  it('throws MalformedError or nothing on any bytes at all', () => {
    const valid = oneSpan({ name: 'x', events: [{ name: 'e', timeUnixNano: 5 }] })
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)),
      fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, byte]) => {
        const copy = Buffer.from(valid)
        copy[at] = byte
        return copy
      }),
    )
    fc.assert(
      fc.property(broken, (bytes) => {
        for (const read of [decodeTraces, decodeLogs, countMetrics])
          try {
            read(bytes, context)
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError)
          }
      }),
      { numRuns: 2000 },
    )
  })

  it('rejects spans without valid ids, and keeps the others', () => {
    const spans = [
      aSpan({}),
      aSpan({ traceId: Buffer.alloc(16) }),
      aSpan({ spanId: Buffer.alloc(3) }),
    ]
    const bytes = encode('ExportTraceServiceRequest', {
      resourceSpans: [{ scopeSpans: [{ spans }] }],
    })
    const decoded = decodeTraces(bytes, context)
    expect(decoded.spans).toHaveLength(1)
    expect(decoded.rejected).toBe(2)
    expect([...decoded.reasons]).toEqual([
      'a trace id is not 16 bytes, or all zero',
      'a span id is not 8 bytes, or all zero',
    ])
  })

  it('cuts an attribute of a mebibyte, and leaves out what makes a span too large', () => {
    const long = { key: 'long', value: { stringValue: 'x'.repeat(1_048_576) } }
    const { spans } = decodeTraces(oneSpan({ attributes: [long] }), context)
    expect(spans[0]?.clipped).toBe(true)
    expect(String(spans[0]?.values[0])).toHaveLength(65_536)
    const many = Array.from({ length: 40 }, (_, index) => ({ ...long, key: `k${index}` }))
    const { spans: clipped } = decodeTraces(oneSpan({ attributes: many }), context)
    expect(clipped[0]?.bytes).toBeLessThan(1_100_000)
  })

  it('survives values that are nested five thousand times', () => {
    let nested: Buffer = Buffer.from([0x18, 1])
    for (let depth = 0; depth < 5000; depth++) nested = wrap(5, wrap(1, nested))
    const keyValue = Buffer.concat([wrap(1, Buffer.from('deep')), wrap(2, nested)])
    const span = Buffer.concat([encode('Span', aSpan({})), wrap(9, keyValue)])
    const { spans } = decodeTraces(wrap(1, wrap(2, wrap(2, span))), context)
    expect(spans[0]?.shape.keys).toEqual(['deep'])
  })

  it('reads log lines with their trace, severity and structured bodies', () => {
    const bytes = encode('ExportLogsServiceRequest', {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'orders' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  observedTimeUnixNano: '1795365007123456789',
                  severityNumber: 17,
                  body: { kvlistValue: { values: [{ key: 'a', value: { intValue: 1 } }] } },
                  traceId: Buffer.alloc(16, 1),
                  spanId: Buffer.alloc(8, 2),
                  eventName: 'refused',
                },
              ],
            },
          ],
        },
      ],
    })
    const [log] = decodeLogs(bytes, context).logs
    expect(log).toMatchObject({ severity: 17, trace: '01'.repeat(16), span: '02'.repeat(8) })
    expect(log && toNanoString(log)).toBe('1795365007123456789')
    expect(log && toJson(log.body)).toEqual(Object.assign(Object.create(null), { a: 1 }))
    expect(log?.resource.service).toBe('orders')
  })

  it('counts metrics', () => {
    const bytes = encode('ExportMetricsServiceRequest', {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'a' }, { name: 'b' }] }] }],
    })
    expect(countMetrics(bytes, context).metrics).toBe(2)
  })

  it('reads JSON into the same rows as protobuf', () => {
    fc.assert(
      fc.property(request, (each) => {
        const type = message('ExportTraceServiceRequest')
        const bytes = encode('ExportTraceServiceRequest', each)
        const json = type.toObject(type.decode(bytes), { longs: String, bytes: String })
        const text = JSON.stringify(json, (key, of) =>
          /^(?:trace|span|parentSpan)Id$/.test(key)
            ? Buffer.from(of, 'base64').toString('hex').toUpperCase()
            : of,
        )
        const fromJson = readOtlpJson(JSON.parse(text), createDecodeContext())
        expect(fromJson.spans.map(ours)).toEqual(decodeTraces(bytes, context).spans.map(ours))
      }),
      { numRuns: 100 },
    )
  })
})

/** A message as a field of another. */
function wrap(field: number, bytes: Buffer): Buffer {
  const head = [(field << 3) | 2]
  let length = bytes.length
  for (; length >= 0x80; length >>>= 7) head.push((length & 0x7f) | 0x80)
  return Buffer.concat([Buffer.from([...head, length]), bytes])
}

function aSpan(fields: object): object {
  return { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2), name: 'span', ...fields }
}

function oneSpan(fields: object): Buffer {
  return encode('ExportTraceServiceRequest', {
    resourceSpans: [{ scopeSpans: [{ spans: [aSpan(fields)] }] }],
  })
}
