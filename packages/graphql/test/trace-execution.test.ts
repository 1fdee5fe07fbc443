import { runWithIdentity, tenant } from '@callchain/core'
import { traceExecution, traceSchema } from '@callchain/graphql'
import { apolloTracing } from '@callchain/graphql/apollo'
import { yogaTracing } from '@callchain/graphql/yoga'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api'
import { AlwaysOffSampler, type ReadableSpan } from '@opentelemetry/sdk-trace'
import DataLoader from 'dataloader'
import {
  buildSchema,
  type ExecutionArgs,
  execute,
  type GraphQLObjectType,
  type GraphQLSchema,
  parse,
  subscribe,
} from 'graphql'

type Resolver = (source: unknown, args: unknown, contextValue: unknown, info: unknown) => unknown

let recorder: Recorder
beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  await recorder.settled()
  await recorder.shutdown()
})

function schemaOf(types: string, resolvers: Record<string, Resolver>): GraphQLSchema {
  const schema = buildSchema(types)
  for (const [name, resolve] of Object.entries(resolvers)) {
    const [type = '', field = ''] = name.split('.')
    const found = (schema.getType(type) as GraphQLObjectType).getFields()[field]
    if (found !== undefined) found.resolve = resolve
  }
  return schema
}

function args(schema: GraphQLSchema, query: string, contextValue?: unknown): ExecutionArgs {
  return { schema, document: parse(query), contextValue }
}

const mark = (name: string): void => trace.getTracer('test').startSpan(name).end()
const named = (name: string): ReadableSpan | undefined =>
  recorder.spans().find((span) => span.name === name)
const parentOf = (name: string): string | undefined =>
  recorder
    .spans()
    .find((span) => span.spanContext().spanId === named(name)?.parentSpanContext?.spanId)?.name

describe('traceExecution', () => {
  it('keeps a span that a wrapper of the resolver has made active, and what it returns', async () => {
    const inner = traceSchema(schemaOf('type Query { a: Int }', { 'Query.a': () => mark('work') }))
    const field = inner.getQueryType()?.getFields().a
    const { resolve } = field ?? {}
    if (field === undefined || resolve === undefined) throw new Error('no resolver')
    field.resolve = (...given) =>
      trace.getTracer('test').startActiveSpan('guard', (span) => {
        resolve(...given)
        span.end()
        return 1
      })
    const result = await traceExecution(execute)(args(inner, '{ a }'))

    expect(result).toEqual({ data: { a: 1 } })
    expect(parentOf('work')).toBe('guard')
    expect(parentOf('guard')).toBe('query')
  })

  it('keeps the identity that runs around a resolver', async () => {
    let seen: string | undefined
    const schema = traceSchema(
      schemaOf('type Query { a: Int }', {
        'Query.a': () => {
          seen = tenant.get()
          mark('work')
          return 1
        },
      }),
    )
    const field = schema.getQueryType()?.getFields().a
    const { resolve } = field ?? {}
    if (field === undefined || resolve === undefined) throw new Error('no resolver')
    field.resolve = (...given) =>
      runWithIdentity({ 'tenant.id': 'acme' }, () => resolve(...given) as unknown)
    await traceExecution(execute)(args(schema, '{ a }', {}))

    expect(seen).toBe('acme')
    expect(parentOf('work')).toBe('query')
  })

  it('has a resolver in its own operation that is called in the context of none', async () => {
    const schema = traceSchema(schemaOf('type Query { a: Int }', { 'Query.a': () => mark('work') }))
    const field = schema.getQueryType()?.getFields().a
    const { resolve } = field ?? {}
    if (field === undefined || resolve === undefined) throw new Error('no resolver')
    field.resolve = (...given) => context.with(ROOT_CONTEXT, () => resolve(...given) as unknown)
    await traceExecution(execute)(args(schema, '{ a }', {}))

    expect(parentOf('work')).toBe('query')
  })

  it('tells operations with one context value apart', async () => {
    const schema = schemaOf('type Query { a: Int }', {
      'Query.a': async () => {
        await null
        mark('work')
      },
    })
    const shared = {}
    const run = traceExecution(execute)
    await Promise.all([run(args(schema, '{ a }', shared)), run(args(schema, '{ a }', shared))])

    const works = recorder.spans().filter((span) => span.name === 'work')
    expect(new Set(works.map((span) => span.spanContext().traceId)).size).toBe(2)
    expect(works.every((span) => span.parentSpanContext !== undefined)).toBe(true)
  })

  it('has what a data loader fetches in the trace of its operation', async () => {
    const loader = new DataLoader(async (keys: readonly number[]) => {
      mark('batch')
      return keys.map(() => 1)
    })
    const schema = schemaOf('type Query { a: [Item] } type Item { b: Int }', {
      'Query.a': () => [{}, {}, {}],
      'Item.b': () => loader.load(1),
    })
    await traceExecution(execute)(args(schema, '{ a { b } }'))

    expect(parentOf('batch')).toBe('query')
  })

  it('ends an operation whose execution throws, with what it threw', async () => {
    const failing = traceExecution(() => {
      throw new RangeError('no')
    })
    const schema = schemaOf('type Query { a: Int }', {})
    expect(() => failing(args(schema, '{ a }'))).toThrow('no')
    const rejecting = traceExecution(() => Promise.reject(new RangeError('no')))
    await expect(rejecting(args(schema, '{ a }'))).rejects.toThrow('no')

    expect(recorder.spans().map((span) => span.attributes['error.type'])).toEqual([
      ...['RangeError', 'RangeError'],
    ])
  })

  it('ends an operation whose answer comes in parts after its last one, with the errors of all', async () => {
    async function* parts(): AsyncGenerator<object> {
      yield { data: {}, hasNext: true }
      mark('deferred')
      yield { incremental: [{ errors: [new Error('late')] }], hasNext: false }
    }
    const whole = traceExecution(() => parts())
    const schema = schemaOf('type Query { a: Int }', {})
    for await (const _ of whole(args(schema, '{ a }'))) expect(named('query')).toBeUndefined()
    expect(named('query')?.status.code).toBe(SpanStatusCode.ERROR)
    expect(parentOf('deferred')).toBe('query')

    recorder.reset()
    const completed = traceExecution(() => ({
      initialResult: { errors: [new RangeError('first')] },
      subsequentResults: (async function* () {
        yield { completed: [{ id: '0', errors: [new Error('whole')] }], hasNext: false }
      })(),
    }))
    const later = completed(args(schema, '{ a }')).subsequentResults
    for await (const _ of later) expect(named('query')).toBeUndefined()
    expect(named('query')?.attributes['callchain.graphql.errors']).toBe(2)

    recorder.reset()
    const first = traceExecution(() => ({ initialResult: {}, subsequentResults: parts() }))
    const { subsequentResults } = first(args(schema, '{ a }'))
    for await (const _ of subsequentResults) break
    expect(named('query')?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('costs nothing where nothing is recorded', async () => {
    await recorder.shutdown()
    recorder = createRecorder({ sampler: new AlwaysOffSampler() })
    const schema = schemaOf('type Query { a: Int }', { 'Query.a': () => 1 })

    expect(await traceExecution(execute)(args(schema, '{ a }'))).toEqual({ data: { a: 1 } })
    expect(recorder.spans()).toEqual([])
  })
})

describe('traceSchema', () => {
  const ticking = (source: () => AsyncIterable<unknown> | Promise<never>): GraphQLSchema => {
    const schema = schemaOf('type Query { a: Int } type Subscription { tick: Int }', {})
    const field = schema.getSubscriptionType()?.getFields().tick
    if (field !== undefined) field.subscribe = source
    return traceSchema(schema)
  }

  it('ends a subscription whose source fails, with its error', async () => {
    const schema = ticking(async function* () {
      yield { tick: 1 }
      throw new RangeError('gone')
    })
    const events = await subscribe(args(schema, 'subscription { tick }'))
    const read = async (): Promise<void> => {
      for await (const _ of events as AsyncIterable<unknown>);
    }

    await expect(read()).rejects.toThrow('gone')
    expect(named('subscription')).toMatchObject({
      attributes: { 'error.type': 'RangeError', 'callchain.graphql.events': 1 },
    })
  })

  it('ends a subscription that has no source', async () => {
    const schema = ticking(() => Promise.reject(new RangeError('none')))
    const result = await subscribe(args(schema, 'subscription { tick }'))

    expect(result).toMatchObject({ errors: [{ message: 'none' }] })
    expect(named('subscription')?.attributes['error.type']).toBe('RangeError')
  })

  it('ends a subscription at the end of its source, and changes nothing a second time', async () => {
    const schema = traceSchema(
      ticking(async function* () {
        yield { tick: 1 }
        yield { tick: 2 }
      }),
    )
    const seen: unknown[] = []
    const events = await subscribe(args(schema, 'subscription { tick }'))
    for await (const event of events as AsyncIterable<unknown>) seen.push(event)

    expect(seen).toEqual([{ data: { tick: 1 } }, { data: { tick: 2 } }])
    expect(recorder.spans()).toHaveLength(1)
    expect(named('subscription')?.attributes['callchain.graphql.events']).toBe(2)
  })
})

describe('options', () => {
  it.each([
    [() => traceSchema(buildSchema('type Query { a: Int }'), { slowerThan: -1 }), 'slowerThan of'],
    [() => traceExecution(execute, { maxSpans: 0.5 }), 'maxSpans of traceExecution() cannot be'],
    [() => apolloTracing({ route: '' }), 'route of apolloTracing() cannot be'],
    [() => yogaTracing({ documents: true } as object), "did you mean 'document'?"],
    [() => yogaTracing({ ignore: async () => true } as object), 'a synchronous function'],
  ])('are checked when the application starts: %#', (make, message) => {
    expect(make).toThrow(message)
  })
})
