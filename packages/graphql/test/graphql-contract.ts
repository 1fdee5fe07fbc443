import type { GraphqlOptions } from '@callchain/graphql'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { GraphQLSchema } from 'graphql'
import { createShop } from './shop-schema.ts'

/** A server that serves a schema at `/graphql`, in a request that is traced. */
export interface Served {
  readonly url: string
  /** Subscribes, waits for the first event, and leaves. */
  subscribe(query: string): Promise<unknown>
  close(): Promise<unknown>
}

export type Serve = (schema: GraphQLSchema, options: GraphqlOptions) => Promise<Served>

interface Answer {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly { readonly message: string }[]
}

/** What tracing promises for every GraphQL server. */
export function graphqlContract(
  name: string,
  serve: Serve,
  setUp: () => Recorder = createRecorder,
): void {
  let recorder: Recorder
  const closing: (() => Promise<unknown>)[] = []
  const shop = createShop()
  let url = ''
  let subscribe: Served['subscribe']

  const start = async (schema: GraphQLSchema, options: GraphqlOptions): Promise<Served> => {
    const served = await serve(schema, options)
    closing.push(() => served.close())
    return served
  }
  const ask = async (body: unknown, at = url): Promise<Answer> => {
    const response = await fetch(at, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Answer
  }
  const spansOf = async (query: string, at = url, more = {}): Promise<Found> => {
    const answer = await ask({ query, ...more }, at)
    return { answer, ...sort(await served()) }
  }
  const served = (): Promise<ReadableSpan[]> =>
    recorder.waitFor((spans) => spans.some((each) => each.kind === SpanKind.SERVER))

  describe(`${name} keeps what is promised for every GraphQL server`, () => {
    beforeAll(async () => {
      recorder = setUp()
      ;({ url, subscribe } = await start(shop.schema, {}))
    })
    afterEach(async () => {
      await recorder.settled()
      recorder.reset()
    })
    afterAll(async () => {
      for (const close of closing) await close()
      await recorder.shutdown()
    })

    it('has one span an operation, below the span of the request, whose route is named', async () => {
      const { answer, server, operations } = await spansOf('query Mine { hello }')

      expect(answer).toEqual({ data: { hello: 'hello' } })
      expect(server?.name).toBe('POST /graphql')
      expect(server?.attributes['http.route']).toBe('/graphql')
      expect(operations).toHaveLength(1)
      expect(operations[0]).toMatchObject({
        name: 'query',
        kind: SpanKind.INTERNAL,
        attributes: { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Mine' },
        status: { code: SpanStatusCode.UNSET },
      })
      expect(operations[0]?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId)
    })

    it('names nothing after what the client wrote', async () => {
      await ask({ query: 'mutation evil { evilAlias: rename(to: "evil") evil2: slow }' })

      const names = (await served()).map((span) => span.name)
      expect(names.sort()).toEqual(['Mutation.slow', 'POST /graphql', 'mutation'])
    })

    it('has what resolvers do below the operation, at once and later, in lists and below', async () => {
      const { operations, others } = await spansOf('{ order { number items { price } } later }')

      const works = others.filter((span) => span.name.startsWith('work'))
      expect(works.map((span) => span.name).sort()).toEqual([
        ...['work later', 'work number', 'work price', 'work price', 'work price'],
      ])
      for (const span of works) {
        expect(span.parentSpanContext?.spanId).toBe(operations[0]?.spanContext().spanId)
      }
    })

    it('has a span for a slow resolver, as long as it was, and none for a quick one', async () => {
      const { operations, others } = await spansOf('{ hello slow }')

      expect(others.map((span) => span.name)).toEqual(['Query.slow'])
      const [slow] = others
      expect(slow?.parentSpanContext?.spanId).toBe(operations[0]?.spanContext().spanId)
      expect(slow?.attributes).toEqual({ 'callchain.graphql.field': 'Query.slow' })
      expect(milliseconds(slow?.duration)).toBeGreaterThan(9)
      expect(milliseconds(slow?.duration)).toBeLessThanOrEqual(
        milliseconds(operations[0]?.duration) + 2,
      )
    })

    it('has ten spans of five hundred slow resolvers, the slowest, and counts the others', async () => {
      const { operations, others } = await spansOf('{ many { slowly } }')

      expect(others).toHaveLength(10)
      expect(operations[0]?.attributes['callchain.graphql.resolvers_left_out']).toBe(490)
    })

    it('has the error of a partial answer on the operation, though the answer is a 200', async () => {
      const { answer, server, operations, others } = await spansOf('{ hello fails }')

      expect(answer.data).toEqual({ hello: 'hello', fails: null })
      expect(answer.errors).toHaveLength(1)
      expect(server).toMatchObject({
        attributes: { 'http.response.status_code': 200 },
        status: { code: SpanStatusCode.UNSET },
        events: [],
      })
      expect(operations[0]).toMatchObject({
        attributes: { 'error.type': 'Slip', 'callchain.graphql.errors': 1 },
        status: { code: SpanStatusCode.ERROR },
      })
      expect(exceptions(operations[0])).toEqual([['Slip', 'it slipped']])
      expect(others).toMatchObject([
        {
          name: 'Query.fails',
          attributes: { 'error.type': 'Slip' },
          status: { code: SpanStatusCode.ERROR },
          events: [],
        },
      ])
    })

    it('takes what is thrown at once, and what is returned as an error, for failures', async () => {
      const { operations, others } = await spansOf('{ throws returnsError }')

      expect(exceptions(operations[0])).toHaveLength(2)
      expect(others.map((span) => span.name).sort()).toEqual(['Query.returnsError', 'Query.throws'])
    })

    it('calls an error by its code, and by nothing that is not one', async () => {
      const { operations } = await spansOf('{ forbidden }')
      expect(operations[0]?.attributes['error.type']).toBe('FORBIDDEN')
      recorder.reset()

      const other = await spansOf('{ talkative }')
      expect(other.operations[0]?.attributes['error.type']).toBe('GraphQLError')
    })

    it('records no more than ten exceptions of one operation', async () => {
      const { operations } = await spansOf('{ many { fails } }')

      expect(operations[0]?.attributes['callchain.graphql.errors']).toBe(500)
      expect(exceptions(operations[0]).length).toBeLessThanOrEqual(10)
      expect(exceptions(operations[0]).length).toBeGreaterThan(0)
    })

    it('has the span of the request alone for what fails before it is executed', async () => {
      for (const query of ['{ hello', '{ nothing }', 'query A { hello } query B { hello }']) {
        const { server, operations } = await spansOf(query)
        expect(server?.name).toBe('POST /graphql')
        expect(operations.filter((span) => span.name !== 'GraphQL Operation')).toEqual([])
        recorder.reset()
      }
    })

    it('has nothing of a variable or a value on any span', async () => {
      await ask({
        query: 'query ($to: Int!) { number(is: $to) hello(to: "my secret") }',
        variables: { to: 'my secret' },
      })

      expect(texts(await served())).not.toContain('my secret')
    })

    it('records the document when it is asked to, without its values', async () => {
      const at = await start(createShop().schema, { document: true })
      const query = '{ hello(to: "my secret") } # "my secret"'
      const { operations } = await spansOf(query, at.url)

      expect(operations[0]?.attributes['graphql.document']).toBe('{\n  hello(to: ?)\n}')
    })

    it('puts the tenant that a resolver sets on the span of the request', async () => {
      const { answer, server } = await spansOf('{ setsTenant }')

      expect(answer.data).toEqual({ setsTenant: 'acme' })
      expect(server?.attributes['tenant.id']).toBe('acme')
    })

    it('has a span for each request of a batch', async () => {
      await ask([{ query: '{ later }' }, { query: 'mutation { rename(to: "a") }' }])

      const { operations, others } = sort(await served())
      expect(operations.map((span) => span.name).sort()).toEqual(['mutation', 'query'])
      const query = operations.find((span) => span.name === 'query')
      const work = others.find((span) => span.name === 'work later')
      expect(work?.parentSpanContext?.spanId).toBe(query?.spanContext().spanId)
    })

    it('keeps operations that run together apart', async () => {
      await Promise.all([1, 2, 3, 4, 5].map(() => ask({ query: '{ later }' })))

      const spans = await recorder.waitFor(15)
      for (const work of spans.filter((span) => span.name === 'work later')) {
        const parent = spans.find(
          (span) => span.spanContext().spanId === work.parentSpanContext?.spanId,
        )
        expect(parent?.name).toBe('query')
        expect(parent?.spanContext().traceId).toBe(work.spanContext().traceId)
      }
      expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(5)
    })

    it('has no span for an operation that is ignored, whose resolvers are in the request', async () => {
      const at = await start(createShop().schema, { ignore: ({ name }) => name === 'Poll' })
      const { server, operations, others } = await spansOf('query Poll { later }', at.url)

      expect(operations).toEqual([])
      expect(others[0]?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId)
    })

    it('goes on where a hook fails, and counts the error that it was asked about', async () => {
      const broken = (): never => {
        throw new Error('a hook')
      }
      const at = await start(createShop().schema, {
        ignore: broken,
        attributes: broken,
        isFailure: broken,
      })
      const { answer, operations } = await spansOf('{ hello fails }', at.url)

      expect(answer.data).toEqual({ hello: 'hello', fails: null })
      expect(operations[0]?.status.code).toBe(SpanStatusCode.ERROR)
    })

    it('counts no error that is not a failure', async () => {
      const at = await start(createShop().schema, {
        isFailure: ({ extensions }) => extensions?.code !== 'FORBIDDEN',
      })
      const { operations } = await spansOf('{ forbidden }', at.url)

      expect(operations[0]?.status.code).toBe(SpanStatusCode.UNSET)
      expect(operations[0]?.attributes['callchain.graphql.errors']).toBe(1)
    })

    it('leaves fields without a resolver as they are, and asks a lazy result once', async () => {
      expect(shop.schema.getType('Item')).toBeDefined()
      expect(shop.plainField().resolve?.name ?? 'none').not.toBe('traced')
      await ask({ query: '{ lazy }' })
      expect(shop.lazyAsked()).toBe(1)
    })

    it('has a span for a subscription that ends when the reader leaves', async () => {
      const first = await subscribe('subscription { ticks }')

      expect(first).toEqual({ data: { ticks: 1 } })
      const spans = await recorder.waitFor((all) =>
        all.some((each) => each.name === 'subscription'),
      )
      const subscription = spans.find((each) => each.name === 'subscription')
      expect(subscription?.attributes['callchain.graphql.events']).toBeGreaterThan(0)
      const work = spans.find((each) => each.name === 'work tick')
      expect(work?.parentSpanContext?.spanId).toBe(subscription?.spanContext().spanId)
      await shop.ended()
    })
  })
}

interface Found {
  readonly answer: Answer
  readonly server: ReadableSpan | undefined
  readonly operations: readonly ReadableSpan[]
  readonly others: readonly ReadableSpan[]
}

function sort(spans: readonly ReadableSpan[]): Omit<Found, 'answer'> {
  const isOperation = (span: ReadableSpan): boolean =>
    ['query', 'mutation', 'subscription', 'GraphQL Operation'].includes(span.name)
  const server = spans.find((span) => span.kind === SpanKind.SERVER)
  return {
    server,
    operations: spans.filter(isOperation),
    others: spans.filter((span) => span !== server && !isOperation(span)),
  }
}

function exceptions(span: ReadableSpan | undefined): unknown[] {
  return (span?.events ?? []).map(({ attributes }) => [
    attributes?.['exception.type'],
    attributes?.['exception.message'],
  ])
}

function texts(spans: readonly ReadableSpan[]): string {
  return JSON.stringify(spans.map(({ name, attributes, events }) => ({ name, attributes, events })))
}

function milliseconds([seconds, nanos]: readonly number[] = []): number {
  return (seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6
}
