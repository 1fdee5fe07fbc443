import { EventEmitter, once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { tenant } from '@callchain/core'
import { trace } from '@opentelemetry/api'
import {
  buildSchema,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'

const TYPES = `
  type Query {
    hello(to: String): String
    number(is: Int): Int
    later: String
    slow: String
    order: Order
    many: [Item!]!
    fails: String
    throws: String
    returnsError: String
    forbidden: String
    talkative: String
    setsTenant: String
    lazy: String
  }
  type Mutation { rename(to: String): String slow: String }
  type Subscription { ticks: Int }
  type Order { number: Int items: [Item!]! }
  type Item { name: String price: Int slowly: Int fails: Int }
`

export class Slip extends Error {}

/** A schema with a resolver of each kind, and what it can tell of itself. */
export interface Shop {
  readonly schema: GraphQLSchema
  plainField(): GraphQLField<unknown, unknown>
  lazyAsked(): number
  /** The source of the subscription has been let go. */
  ended(): Promise<unknown>
}

function work(name: string): void {
  trace.getTracer('shop').startSpan(`work ${name}`).end()
}

export function createShop(): Shop {
  const schema = buildSchema(TYPES)
  const shop = new EventEmitter()
  let asked = 0
  let isEnded = false
  const lazy = {
    // biome-ignore lint/suspicious/noThenProperty: a query that is sent when it is awaited.
    then: (resolve: (value: string) => unknown) => {
      asked++
      return Promise.resolve('lazy').then(resolve)
    },
  }
  resolve(schema, 'Query', {
    hello: () => 'hello',
    number: () => 1,
    later: async () => {
      await pause(1)
      work('later')
      return 'later'
    },
    slow: () => pause(12, 'slow'),
    order: async () => ({ items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }),
    many: () => Array.from({ length: 500 }, () => ({})),
    fails: async () => {
      await pause(1)
      throw new Slip('it slipped')
    },
    throws: () => {
      throw new Slip('at once')
    },
    returnsError: () => new Slip('returned'),
    forbidden: () => {
      throw new GraphQLError('not for you', { extensions: { code: 'FORBIDDEN' } })
    },
    talkative: () => {
      throw new GraphQLError('oh', { extensions: { code: 'a whole sentence, with my secret' } })
    },
    setsTenant: () => {
      tenant.set('acme')
      return tenant.get()
    },
    lazy: () => lazy,
  })
  resolve(schema, 'Mutation', { rename: () => 'renamed', slow: () => pause(12, 'slow') })
  resolve(schema, 'Order', {
    number: () => {
      work('number')
      return 7
    },
  })
  resolve(schema, 'Item', {
    price: async () => {
      await pause(1)
      work('price')
      return 1
    },
    slowly: () => pause(8, 1),
    fails: async () => {
      throw new Slip('an item')
    },
  })
  const ticks = fieldsOf(schema, 'Subscription').ticks
  if (ticks === undefined) throw new Error('no ticks')
  ticks.subscribe = async function* () {
    try {
      for (let tick = 1; ; tick++) {
        yield { ticks: tick }
        await pause(20)
      }
    } finally {
      isEnded = true
      shop.emit('ended')
    }
  }
  ticks.resolve = (event) => {
    work('tick')
    return (event as { ticks: number }).ticks
  }
  return {
    schema,
    plainField: () => {
      const field = fieldsOf(schema, 'Item').name
      if (field === undefined) throw new Error('no name')
      return field
    },
    lazyAsked: () => asked,
    ended: async () => (isEnded ? undefined : once(shop, 'ended')),
  }
}

function fieldsOf(
  schema: GraphQLSchema,
  type: string,
): Record<string, GraphQLField<unknown, unknown>> {
  return (schema.getType(type) as GraphQLObjectType).getFields()
}

function resolve(
  schema: GraphQLSchema,
  type: string,
  resolvers: Record<string, () => unknown>,
): void {
  const fields = fieldsOf(schema, type)
  for (const [name, resolver] of Object.entries(resolvers)) {
    const field = fields[name]
    if (field === undefined) throw new Error(`no field ${name}`)
    field.resolve = resolver
  }
}
