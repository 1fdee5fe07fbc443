import { isDeepStrictEqual } from 'node:util'
import { isSpanContextValid, type Span, trace } from '@opentelemetry/api'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import fc from 'fast-check'
import * as own from '../src/index.ts'
import { decodeRequest, type SentSpan } from './decode-request.ts'
import { type Program, program, type SamplerPlan } from './random-program.ts'
import { ownSampler, runProgram, standingClock } from './run-program.ts'

/** How many programs are tried; `RECORDER_PROGRAMS=100000` tries more. */
const PROGRAMS = Number(process.env.RECORDER_PROGRAMS ?? 1200)
/** How often the recorder encodes each span. */
const TIMES = 3
const MAX_MILLIS = 1_800_000
const RESOURCE = { 'service.name': 'shop', 'process.pid': 7, tags: ['a', 'b'] }
const SDK_RESOURCE = resourceFromAttributes(RESOURCE)

const clock = standingClock()
afterAll(() => clock.giveBack())

test(
  'the official SDK with its serialiser sends the same, whatever a program does',
  () => {
    let sent = 0
    fc.assert(
      fc.property(program, fc.integer({ min: 64, max: 4096 }), (plan, chunkBytes) => {
        const theirs = onSdk(plan)
        const ours = onRecorder(plan, chunkBytes)
        sent += ours.sent.length
        if (isDeepStrictEqual(ours, theirs)) return
        expect(ours).toEqual(theirs)
        // What only the strict comparison tells apart.
        throw new Error('they differ in a sign of zero or in a prototype')
      }),
      { numRuns: PROGRAMS },
    )
    expect(sent).toBeGreaterThan(PROGRAMS / 2)
  },
  MAX_MILLIS,
)

function onSdk(plan: Program): unknown {
  clock.restart()
  const ended: ReadableSpan[] = []
  const processor = {
    onStart() {},
    onEnd: (span: ReadableSpan) => {
      if ((span.spanContext().traceFlags & 1) === 1) ended.push(span)
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const provider = new TracerProvider({
    resource: SDK_RESOURCE,
    sampler: sdkSampler(plan.sampler),
    spanLimits: plan.limits,
    spanProcessors: [processor],
  })
  const { spans, seen } = runProgram(plan, provider, clock.tick)
  // One by one, so that they stay in the order in which they ended.
  return { seen, sent: withoutDrawnIds(ended.flatMap(serialize), spans) }
}

function onRecorder(plan: Program, chunkBytes: number): { seen: unknown; sent: unknown[] } {
  clock.restart()
  const queue = own.createSpanQueue({ resource: RESOURCE, chunkBytes })
  const views: ReadableSpan[] = []
  const provider = own.createRecorderProvider({
    // Three times: what was learnt from the first is used for the others.
    sink: {
      add(span) {
        for (let time = 0; time < TIMES; time++) queue.add(span)
        views.push(own.toSpanView(span, SDK_RESOURCE) as ReadableSpan)
      },
    },
    limits: plan.limits,
    sampler: recorderSampler(plan.sampler),
  })
  const { spans, seen } = runProgram(plan, provider, clock.tick)
  const sent: SentSpan[] = []
  for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) {
    const decoded = decodeRequest(chunk.bytes)
    expect(decoded).toHaveLength(chunk.spans)
    sent.push(...decoded)
    queue.release(chunk)
  }
  expect([queue.spans, queue.bytes, queue.dropped]).toEqual([0, 0, 0])
  const named = withoutDrawnIds(sent, spans)
  for (const [index, span] of named.entries()) {
    if (!isDeepStrictEqual(span, named[index - (index % TIMES)]))
      throw new Error(`${index} differs`)
  }
  const once = named.filter((_, index) => index % TIMES === 0)
  const viewed = withoutDrawnIds(views.flatMap(serialize), spans)
  if (!isDeepStrictEqual(viewed, once)) expect(viewed).toEqual(once)
  return { seen, sent: once }
}

/** What the official serialiser makes of one span. */
function serialize(span: ReadableSpan): SentSpan[] {
  return decodeRequest(ProtobufTraceSerializer.serializeRequest([span]) ?? new Uint8Array())
}

/** Ids that were drawn, as the number of the span that drew them. */
function withoutDrawnIds(sent: readonly SentSpan[], spans: readonly Span[]): unknown[] {
  const names = new Map<string, string>()
  for (const [index, span] of spans.entries()) {
    const { traceId, spanId } = span.spanContext()
    names.set(base64(spanId), `span ${index}`)
    if (!names.has(base64(traceId))) names.set(base64(traceId), `trace of span ${index}`)
  }
  const nameOf = (id: string): string => names.get(id) ?? id
  return sent.map(({ span, ...around }) => ({
    ...around,
    span: {
      ...span,
      spanId: nameOf(span.spanId),
      traceId: nameOf(span.traceId),
      parentSpanId: nameOf(span.parentSpanId),
    },
  }))
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}

// A ratio would decide by ids that are drawn, so only traces of a caller are put to it.
function ratioOf(ratio: number, hasCaller: boolean): number {
  return hasCaller || ratio === 1 ? ratio : 0
}

function sdkSampler({ kind, ratio, ...rest }: SamplerPlan): Sampler {
  if (kind === 'on') return new AlwaysOnSampler()
  if (kind === 'off') return new AlwaysOffSampler()
  if (kind === 'own') return ownSampler({ kind, ratio, ...rest }) as Sampler
  const root = kind === 'parent' ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(ratio)
  const bound = byCaller(root, new TraceIdRatioBasedSampler(ratioOf(ratio, false)))
  return kind === 'ratio' ? bound : new ParentBasedSampler({ root: bound })
}

function recorderSampler({ kind, ratio, ...rest }: SamplerPlan): own.Sampler {
  if (kind === 'on') return own.alwaysOn
  if (kind === 'off') return own.alwaysOff
  if (kind === 'own') return ownSampler({ kind, ratio, ...rest })
  const root = kind === 'parent' ? own.alwaysOn : own.traceIdRatio(ratio)
  const bound = byCaller(root, own.traceIdRatio(ratioOf(ratio, false)))
  return kind === 'ratio' ? bound : own.parentBased({ root: bound })
}

function byCaller<
  T extends { shouldSample: Sampler['shouldSample'] | own.Sampler['shouldSample'] },
>(known: T, drawn: T): T {
  const shouldSample = (...args: Parameters<Sampler['shouldSample']>): unknown => {
    const caller = trace.getSpanContext(args[0])
    const isGiven = caller?.isRemote === true && isSpanContextValid(caller)
    return (isGiven ? known : drawn).shouldSample(...args)
  }
  return { shouldSample, toString: () => known.toString() } as unknown as T
}
