import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { ServiceProcess } from './processes.js'

export const REPLICAS = 4
const FAILS = 1.2e-4
const SLOW = 2e-4
const SLOW_MILLIS = 1500
const STATEMENT_MILLIS = 2
const STATEMENTS = 2
/** How often a caller catches the error of a call and answers 200. */
const SWALLOWED = 0.25
/** Failures after the head of the answer, and answers whose headers are lost. */
const LATE = 0.04
const LOST = 0.01

/** Who calls whom, in this order. */
const CALLS = {
  gateway: ['auth', 'orders', 'recommend'],
  orders: ['inventory', 'inventory', 'pricing', 'payments'],
  payments: ['fraud'],
  inventory: ['warehouse'],
  auth: [],
  recommend: [],
  pricing: [],
  fraud: [],
  warehouse: [],
}

/** Nine services that keep by one scheme, and the requests that they serve. */
export class Chain {
  made = 0
  sent = 0
  /** By trace id, those that can still be kept. */
  stories = new Map()

  /** @param scheme the option `keep`, and whether `answers` and `rumours` are told */
  constructor(scheme, clock) {
    this.scheme = scheme
    this.clock = clock
    this.processes = Object.fromEntries(
      Object.keys(CALLS).map((service) => [
        service,
        Array.from(
          { length: REPLICAS },
          () => new ServiceProcess(scheme.keep, (span) => this.take(span)),
        ),
      ]),
    )
  }

  get bytes() {
    return Math.max(
      ...Object.values(this.processes)
        .flat()
        .map(({ bytes }) => bytes),
    )
  }

  /** Serves one request at the entry; gives what happened in it, and what is kept of it. */
  request() {
    const story = { traceId: '', parts: [], kept: new Set(), failed: [], slow: [] }
    this.serve('gateway', { story, path: [] })
    return story
  }

  take(span) {
    this.sent++
    if (span.kind !== SpanKind.SERVER) return
    const { traceId, spanId } = span.spanContext()
    this.stories.get(traceId)?.kept.add(spanId)
  }

  serve(service, { parent, caller, story, path }) {
    const process = this.processes[service][Math.floor(Math.random() * REPLICAS)]
    if (this.scheme.rumours) caller?.tell(process)
    const base = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent)
    const span = this.start(process, `GET /${service}`, SpanKind.SERVER, base)
    const { traceId, spanId } = span.spanContext()
    if (parent === undefined) {
      story.traceId = traceId
      this.stories.set(traceId, story)
    }
    story.parts.push(spanId)
    const part = { process, story, traceId, path: [...path, spanId], isKept: false }
    process.keeper.whenKept(traceId, () => {
      part.isKept = true
    })
    const context = trace.setSpan(base, span)
    const calls = CALLS[service].map((callee) => this.call(callee, part, context))
    const isLate = Math.random() < LATE
    const keptEarly = part.isKept
    const failed = this.runStatements(part, context) || calls.includes(true)
    // The head of the answer is written before the span ends.
    const isTold = isLate ? keptEarly : part.isKept
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(this.clock.now)
    if (this.scheme.rumours && caller !== undefined) process.tell(caller)
    // After a 200 was sent, the caller sees no failure.
    return { failed: failed && !isLate, isTold }
  }

  /** Gives whether the call has failed, and its caller with it. */
  call(callee, { process, story, traceId, path }, context) {
    const span = this.start(process, 'GET', SpanKind.CLIENT, context)
    const parent = { ...span.spanContext(), isRemote: true }
    const { failed, isTold } = this.serve(callee, { parent, caller: process, story, path })
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(this.clock.now)
    if (this.scheme.answers && isTold && Math.random() >= LOST) process.keeper.tellKept(traceId)
    return failed && Math.random() >= SWALLOWED
  }

  /** Gives whether one has failed. */
  runStatements({ process, story, path }, context) {
    let hasFailed = false
    for (let count = 0; count < STATEMENTS; count++) {
      const span = this.start(process, 'SELECT', SpanKind.CLIENT, context)
      const fails = Math.random() < FAILS
      const isSlow = Math.random() < SLOW
      this.clock.now += isSlow ? SLOW_MILLIS : STATEMENT_MILLIS
      if (fails) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(this.clock.now)
      if (fails) story.failed.push(path)
      if (isSlow) story.slow.push(path)
      hasFailed ||= fails
    }
    return hasFailed
  }

  start({ tracer }, name, kind, context) {
    this.made++
    return tracer.startSpan(name, { kind, startTime: this.clock.now }, context)
  }
}
