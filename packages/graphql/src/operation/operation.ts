import { errorType, failSpan, GRAPHQL_OPERATION_KEY, guard } from '@callchain/core/internal'
import {
  type Attributes,
  type Context,
  context,
  type Span,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import type { AnsweredError } from './answered-error.ts'
import * as key from './attributes.ts'
import { redactedDocument } from './document.ts'
import { recordFailures } from './failures.ts'
import type { GraphqlOptions, OperationFacts } from './options.ts'
import { Slowest } from './slowest.ts'

const DEFAULT_SLOWER_THAN = 5
const DEFAULT_MAX_SPANS = 10
/** Bounds the name that a client gives its operation, in characters. */
const MAX_NAME = 128
/** What the conventions call an operation whose type is not known. */
const UNKNOWN_OPERATION = 'GraphQL Operation'

/** What is asked for, as far as the server tells. */
export interface AskedOperation {
  readonly document: DocumentNode | undefined
  readonly definition: OperationDefinitionNode | undefined
  readonly contextValue: unknown
}

/** An operation that is being executed: its span, and what its resolvers leave for it. */
export class Operation {
  readonly span: Span
  /** Where its resolvers run. */
  readonly context: Context
  /** Where it was begun. */
  private readonly outer: Context
  private readonly options: GraphqlOptions
  private readonly slowerThan: number
  private readonly resolvers: Slowest
  private readonly thrown = new Set<unknown>()
  private events = 0
  private ended = false

  constructor(span: Span, outer: Context, options: GraphqlOptions) {
    this.span = span
    this.outer = outer
    this.context = trace.setSpan(outer, span).setValue(GRAPHQL_OPERATION_KEY, this)
    this.options = options
    this.slowerThan = options.slowerThan ?? DEFAULT_SLOWER_THAN
    this.resolvers = new Slowest(options.maxSpans ?? DEFAULT_MAX_SPANS)
  }

  get isOpen(): boolean {
    return !this.ended
  }

  /** Where a resolver runs that is called in `active`: a span and values of the application's own stay. */
  contextIn(active: Context): Context {
    if (active === this.outer || active === this.context) return this.context
    const span = trace.getSpan(active)
    if (span === undefined) return this.context
    if (span === trace.getSpan(this.outer)) return trace.setSpan(active, this.span)
    const { traceId } = this.span.spanContext()
    return span.spanContext().traceId === traceId ? active : this.context
  }

  /** A resolver is done, after what began at `startedAt` by `performance.now()`. */
  resolved(field: string, startedAt: number): void {
    const endedAt = performance.now()
    if (this.ended || endedAt - startedAt < this.slowerThan) return
    this.resolvers.add({ field, startedAt, endedAt, isFailed: false, error: undefined })
  }

  /** A resolver has thrown, or rejected. */
  failed(field: string, startedAt: number, error: unknown): void {
    if (this.ended) return
    if (this.thrown.size < DEFAULT_MAX_SPANS) this.thrown.add(error)
    const endedAt = performance.now()
    this.resolvers.add({ field, startedAt, endedAt, isFailed: true, error })
  }

  /** A subscription has had an event. */
  event(): void {
    this.events++
  }

  /** Ends the span with the errors of the answer. Only the first call counts. */
  end(errors: readonly AnsweredError[] = []): void {
    if (this.ended) return
    this.ended = true
    guard('ending a span', () => {
      recordFailures(this.span, this.context, errors, this.thrown, this.options.isFailure)
      this.recordResolvers()
      if (this.events > 0) this.span.setAttribute(key.GRAPHQL_EVENTS, this.events)
      this.span.end()
    })
  }

  /** Ends the span of a subscription, whose answers nobody sees: what its resolvers threw counts. */
  endSubscription(thrown?: { readonly error: unknown }): void {
    if (thrown !== undefined) this.thrown.add(thrown.error)
    this.end([...this.thrown].map(asAnswered))
  }

  private recordResolvers(): void {
    const { kept, leftOut } = this.resolvers
    const tracer = tracerOf(this.options.tracerProvider)
    for (const { field, startedAt, endedAt, isFailed, error } of kept) {
      const attributes = { [key.GRAPHQL_FIELD]: field }
      const span = tracer.startSpan(field, { attributes, startTime: startedAt }, this.context)
      // The exception itself is on the operation.
      if (isFailed) failSpan(span, errorType(error), undefined, this.context)
      span.end(endedAt)
    }
    if (leftOut > 0) this.span.setAttribute(key.GRAPHQL_LEFT_OUT, leftOut)
  }
}

/** Opens the span of an operation, INTERNAL, in what is active; `undefined` where nothing is recorded. */
export function startOperation(
  asked: AskedOperation,
  options: GraphqlOptions,
): Operation | undefined {
  return guard('tracing', () => {
    const facts = factsOf(asked)
    if (guard('ignore', () => options.ignore?.(facts)) === true) return undefined
    const active = context.active()
    const attributes = attributesOf(asked, facts, options)
    const name = facts.type ?? UNKNOWN_OPERATION
    const span = tracerOf(options.tracerProvider).startSpan(name, { attributes }, active)
    return span.isRecording() ? new Operation(span, active, options) : undefined
  })
}

/** The operation that is being executed in a context, if it was entered. */
export function activeOperation(active: Context): Operation | undefined {
  return active.getValue(GRAPHQL_OPERATION_KEY) as Operation | undefined
}

function factsOf({ definition, contextValue }: AskedOperation): OperationFacts {
  return {
    type: definition?.operation,
    name: definition?.name?.value,
    contextValue,
  }
}

function attributesOf(
  { document }: AskedOperation,
  facts: OperationFacts,
  options: GraphqlOptions,
): Attributes {
  const attributes: Attributes = {}
  const { type, name } = facts
  if (type !== undefined) attributes[key.GRAPHQL_OPERATION_TYPE] = type
  if (name !== undefined) attributes[key.GRAPHQL_OPERATION_NAME] = name.slice(0, MAX_NAME)
  if (options.document === true && document !== undefined) {
    attributes[key.GRAPHQL_DOCUMENT] = redactedDocument(document)
  }
  return Object.assign(
    attributes,
    guard('attributes', () => options.attributes?.(facts)),
  )
}

// No source of ours to keep: the API's own provider stands in until there is one.
function tracerOf(provider: TracerProvider | undefined): ReturnType<TracerProvider['getTracer']> {
  return (provider ?? trace.getTracerProvider()).getTracer('@callchain/graphql')
}

function asAnswered(error: unknown): AnsweredError {
  return { message: '', path: [], originalError: error }
}
