import { jest } from '@jest/globals'
import {
  type Attributes,
  type AttributeValue,
  type Context,
  createTraceState,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import type {
  ContextPlan,
  Entries,
  LinkPlan,
  Program,
  SamplerPlan,
  SpanPlan,
  Step,
} from './random-program.ts'

const EPOCH = 1_790_000_000_000
const MILLIS_A_STEP = 1.5

/** A clock that both sides read: it stands still within a call. */
export function standingClock(): { tick(): void; restart(): void; giveBack(): void } {
  let passed = 0
  const spies = [
    jest.spyOn(Date, 'now').mockImplementation(() => EPOCH + Math.floor(passed)),
    jest.spyOn(performance, 'now').mockImplementation(() => 1000.25 + passed),
  ]
  return {
    tick: () => (passed += MILLIS_A_STEP),
    restart: () => (passed = 0),
    giveBack() {
      for (const spy of spies) spy.mockRestore()
    },
  }
}

/** What a program can see of its spans, and what was thrown at it. */
export interface Seen {
  readonly spans: readonly Span[]
  readonly seen: readonly unknown[]
}

/** Runs a program on a provider. */
export function runProgram(program: Program, provider: TracerProvider, tick: () => void): Seen {
  const spans: Span[] = []
  const seen: unknown[] = []
  for (const plan of program.spans) {
    tick()
    const span = start(plan, provider, spans)
    spans.push(span)
    for (const step of plan.steps) {
      tick()
      seen.push(attempt(() => take(span, step)))
    }
    const { traceFlags, traceState } = span.spanContext()
    seen.push([span.isRecording(), traceFlags, traceState?.serialize()])
  }
  // What is still open ends last, the first one first.
  for (const span of spans) {
    tick()
    if (span.isRecording()) span.end()
  }
  return { spans, seen }
}

const SCOPES = [
  ['shop', '1.0.0', undefined],
  ['shop', undefined, undefined],
  ['café', '2', { schemaUrl: 'https://example.com/schema' }],
  ['', undefined, undefined],
] as const

function start(plan: SpanPlan, provider: TracerProvider, before: readonly Span[]): Span {
  const [scope, version, schema] = SCOPES[plan.scope] ?? SCOPES[0]
  const tracer = provider.getTracer(scope, version, schema)
  const options = {
    ...(plan.kind !== undefined && { kind: plan.kind }),
    ...(plan.attributes && { attributes: objectOf(plan.attributes) }),
    ...(plan.links && { links: plan.links.map(linkOf) }),
    ...(plan.root !== undefined && { root: plan.root }),
    startTime: plan.startTime as number,
  }
  const context = parentContext(plan, before)
  return tracer.startSpan(plan.name, options, plan.suppressed ? suppressTracing(context) : context)
}

function parentContext({ parent }: SpanPlan, before: readonly Span[]): Context {
  if (parent === undefined) return ROOT_CONTEXT
  if (typeof parent === 'object') return trace.setSpanContext(ROOT_CONTEXT, contextOf(parent))
  const span = before[parent]
  return span === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span)
}

function take(span: Span, step: Step): void {
  if (step.call === 'setAttribute') span.setAttribute(step.key, step.value as AttributeValue)
  else if (step.call === 'setAttributes') span.setAttributes(objectOf(step.attributes))
  else if (step.call === 'addEvent') {
    const args = step.args.map((arg) =>
      arg === 'attributes' ? objectOf(step.attributes ?? []) : arg,
    )
    span.addEvent(...(args as [string, Attributes]))
  } else if (step.call === 'addLink') span.addLink(linkOf(step.link))
  else if (step.call === 'addLinks') span.addLinks([linkOf(step.link), linkOf(step.link)])
  else if (step.call === 'setStatus')
    span.setStatus(step.status as { code: number; message: string })
  else if (step.call === 'updateName') span.updateName(step.name)
  else if (step.call === 'end') span.end(step.time as number)
  else span.recordException(step.exception as Error, step.time as number)
}

function attempt(act: () => void): unknown {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.name : error
  }
}

function objectOf(entries: Entries): Attributes {
  return Object.fromEntries(entries) as Attributes
}

function linkOf({ context, attributes }: LinkPlan): Link {
  return { context: contextOf(context), ...(attributes && { attributes: objectOf(attributes) }) }
}

function contextOf({ traceState, isRemote, ...ids }: ContextPlan): SpanContext {
  return {
    ...ids,
    ...(isRemote !== undefined && { isRemote }),
    ...(traceState !== undefined && { traceState: createTraceState(traceState) }),
  }
}

/** A sampler of the application's own, that also changes what it was given. */
export function ownSampler({ decision, attributes, traceState }: SamplerPlan): {
  shouldSample(...args: readonly unknown[]): {
    decision: number
    attributes: Attributes
    traceState?: ReturnType<typeof createTraceState>
  }
  toString(): string
} {
  return {
    shouldSample(...args) {
      const given = args[4] as Attributes
      if ('a' in given) given.changed = true
      return {
        decision,
        attributes: objectOf(attributes),
        ...(traceState !== undefined && { traceState: createTraceState(traceState) }),
      }
    },
    toString: () => 'own',
  }
}
