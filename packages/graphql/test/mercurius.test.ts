import { tracing } from '@callchain/fastify'
import { mercuriusTracing } from '@callchain/graphql/mercurius'
import { createRecorder } from '@callchain/testing'
import { describe, expect, it, jest } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import Fastify4 from 'fastify4'
import type { GraphQLSchema } from 'graphql'
import { graphqlContract, type Serve } from './graphql-contract.ts'
import { createShop } from './shop-schema.ts'
import { subscribeBySocket } from './subscribing.ts'

// Jest cannot load what Mercurius 16 serves GraphiQL with, nor its cache, on Node 20.
jest.mock('@fastify/static', () => ({}))

const load = async (): Promise<typeof import('mercurius').default> =>
  (await import('mercurius')).default
const load14 = async (): Promise<typeof import('mercurius').default> =>
  (await import('mercurius14')).default as never

type Register = (app: FastifyInstance, schema: GraphQLSchema) => Promise<unknown>

const serveMercurius =
  (create: () => FastifyInstance, register: Register): Serve =>
  async (schema, options) => {
    const app = create()
    await app.register(tracing)
    await register(app, schema)
    mercuriusTracing(app, options)
    const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`
    return {
      url,
      subscribe: (query) => subscribeBySocket(url, query),
      close: () => app.close(),
    }
  }

const options = (schema: GraphQLSchema): object => ({
  schema,
  allowBatchedQueries: true,
  subscription: { fullWsTransport: true },
})

graphqlContract(
  'Mercurius 16',
  serveMercurius(Fastify, async (app, schema) =>
    app.register(await load(), { ...options(schema), cache: false }),
  ),
)
graphqlContract(
  'Mercurius 14 on Fastify 4',
  serveMercurius(Fastify4 as unknown as () => FastifyInstance, async (app, schema) =>
    app.register(await load14(), options(schema)),
  ),
)

describe('mercuriusTracing', () => {
  it('traces operations that are compiled', async () => {
    const recorder = createRecorder()
    const app = Fastify4() as unknown as FastifyInstance
    await app.register(tracing)
    await app.register(await load14(), { ...options(createShop().schema), jit: 1 })
    mercuriusTracing(app)
    const payload = { query: '{ later }' }
    for (let asked = 0; asked < 4; asked++)
      await app.inject({ url: '/graphql', method: 'POST', payload })

    const spans = await recorder.waitFor(12)
    const operations = spans.filter((span) => span.name === 'query')
    const works = spans.filter((span) => span.name === 'work later')
    expect(works.map((span) => span.parentSpanContext?.spanId)).toEqual(
      operations.map((span) => span.spanContext().spanId),
    )
    await app.close()
    await recorder.shutdown()
  })

  it('says what it needs where there is no Mercurius, and which option is wrong', () => {
    expect(() => mercuriusTracing(Fastify())).toThrow(
      'callchain: mercuriusTracing() needs a Fastify on which mercurius is registered',
    )
    expect(() => mercuriusTracing({}, { maxSpans: -1 })).toThrow(
      'callchain: maxSpans of mercuriusTracing() cannot be -1; allowed: a whole number from 0 to 1000',
    )
  })
})
