import type { EventEmitter } from 'node:events'
import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { AnsweredError } from './operation/answered-error.ts'
import { operationIn } from './operation/document.ts'
import { type Operation, startOperation } from './operation/operation.ts'
import { checkGraphqlOptions, type GraphqlOptions } from './operation/options.ts'
import { keepOperation } from './schema/operations.ts'
import { traceResolvers } from './schema/trace-schema.ts'

/** What Mercurius hands to its hooks as context, as far as it is read. */
export interface MercuriusContext {
  readonly operationId?: number | undefined
  readonly reply?: MercuriusReply | undefined
}

interface MercuriusReply {
  readonly raw: EventEmitter
  readonly request: { readonly body?: unknown; readonly query?: unknown }
}

type PreExecution = (
  schema: GraphQLSchema,
  document: DocumentNode,
  context: MercuriusContext,
) => Promise<void>
type OnResolution = (
  execution: { readonly errors?: readonly AnsweredError[] | null | undefined },
  context: MercuriusContext,
) => Promise<void>

/** A Fastify on which Mercurius is registered, as far as it is used. */
export interface MercuriusApplication {
  readonly graphql: {
    readonly schema: GraphQLSchema
    addHook(name: 'preExecution', hook: PreExecution): void
    addHook(name: 'onResolution', hook: OnResolution): void
  }
  addHook(name: 'onReady', hook: () => Promise<void>): unknown
}

/**
 * Traces the operations of Mercurius, on the instance of Fastify that it is registered on: one span an
 * operation, below the request's, and the slow and failed resolvers below it. Call it when Mercurius is
 * registered. Throws a TypeError for an option that is not allowed, and where there is no Mercurius.
 *
 * @example
 * ```ts
 * import { tracing } from '@callchain/fastify'
 * import { mercuriusTracing } from '@callchain/graphql/mercurius'
 *
 * await app.register(tracing)
 * await app.register(mercurius, { schema, resolvers })
 * mercuriusTracing(app)
 * ```
 */
export function mercuriusTracing(app: object, options: GraphqlOptions = {}): void {
  checkGraphqlOptions('mercuriusTracing()', options)
  const traced = app as MercuriusApplication
  if (typeof traced.graphql?.addHook !== 'function') {
    throw new TypeError(
      'callchain: mercuriusTracing() needs a Fastify on which mercurius is registered; await app.register(mercurius, …) first',
    )
  }
  const open = new WeakMap<object, Operation>()
  traced.addHook('onReady', async () => traceResolvers(traced.graphql.schema, options))
  traced.graphql.addHook('preExecution', async (schema, document, context) => {
    traceResolvers(schema, options)
    const definition = operationIn(document, operationName(context))
    const operation = startOperation({ document, definition, contextValue: context }, options)
    if (operation === undefined) return
    keepOperation(context, operation)
    open.set(context, operation)
    if (context.reply !== undefined) endWith(context.reply.raw, operation)
  })
  traced.graphql.addHook('onResolution', async ({ errors }, context) => {
    open.get(context)?.end(errors ?? [])
  })
}

const ofResponses = new WeakMap<EventEmitter, Operation[]>()

// Of what fails past its hooks, Mercurius tells nobody. One listener, for a batch may be long.
function endWith(response: EventEmitter, operation: Operation): void {
  const others = ofResponses.get(response)
  if (others !== undefined) {
    others.push(operation)
    return
  }
  const operations = [operation]
  ofResponses.set(response, operations)
  response.once('close', () => {
    for (const each of operations) each.end()
  })
}

interface Asked {
  readonly operationName?: unknown
}

// The hook is not told which operation of the document is asked for.
function operationName({ operationId = 0, reply }: MercuriusContext): string | undefined {
  const { body, query } = reply?.request ?? {}
  const asked: unknown = Array.isArray(body) ? body[operationId] : (body ?? query)
  const name = (asked as Asked | null | undefined)?.operationName
  return typeof name === 'string' ? name : undefined
}
