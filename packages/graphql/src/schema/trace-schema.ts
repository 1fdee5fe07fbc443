import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { checkGraphqlOptions, type GraphqlOptions } from '../operation/options.ts'
import { tracedResolver } from './traced-resolver.ts'
import { tracedSubscribe } from './traced-subscribe.ts'

const traced = new WeakSet<object>()

interface Field {
  resolve?: unknown
  subscribe?: unknown
}

/**
 * Traces the resolvers of a schema, and returns the same schema: each runs in the context of its
 * operation, and has a span when it is slow or fails. A subscription has a span from here on, whoever
 * serves it. Fields without a resolver of their own stay as they are. Done by `apolloTracing()`,
 * `yogaTracing()`, `mercuriusTracing()` and `traceExecution()` for the schema that they meet; a second
 * time changes nothing. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceExecution, traceSchema } from '@callchain/graphql'
 * import { execute } from 'graphql'
 * import { useServer } from 'graphql-ws/use/ws'
 *
 * useServer({ schema: traceSchema(schema), execute: traceExecution(execute) }, webSocketServer)
 * ```
 */
export function traceSchema<Schema extends GraphQLSchema>(
  schema: Schema,
  options: GraphqlOptions = {},
): Schema {
  checkGraphqlOptions('traceSchema()', options)
  traceResolvers(schema, options)
  return schema
}

/** The same with options that were checked. */
export function traceResolvers(schema: GraphQLSchema, options: GraphqlOptions): void {
  if (traced.has(schema)) return
  traced.add(schema)
  for (const [typeName, type] of Object.entries(schema.getTypeMap())) {
    if (typeName.startsWith('__') || !('getFields' in type)) continue
    for (const [fieldName, field] of Object.entries(type.getFields() as Record<string, Field>)) {
      traceField(`${typeName}.${fieldName}`, field, options)
    }
  }
}

function traceField(name: string, field: Field, options: GraphqlOptions): void {
  const { resolve, subscribe } = field
  if (isOwn(resolve)) field.resolve = keep(tracedResolver(name, resolve))
  if (isOwn(subscribe)) field.subscribe = keep(tracedSubscribe(subscribe, options))
}

// Two schemas may share their types.
function isOwn(given: unknown): given is GraphQLFieldResolver<unknown, unknown> {
  return typeof given === 'function' && given !== defaultFieldResolver && !traced.has(given)
}

function keep(own: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> {
  traced.add(own)
  return own
}
