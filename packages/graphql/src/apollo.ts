import { proposeRoute } from '@callchain/core/internal'
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { AnsweredError } from './operation/answered-error.ts'
import { type Operation, startOperation } from './operation/operation.ts'
import { checkServerOptions, type GraphqlServerOptions } from './operation/options.ts'
import { keepOperation } from './schema/operations.ts'
import { traceResolvers } from './schema/trace-schema.ts'

/** What Apollo Server hands to its plugins, as far as it is read. */
export interface ApolloRequest {
  readonly schema: GraphQLSchema
  readonly contextValue: unknown
  readonly document?: DocumentNode
  readonly operation?: OperationDefinitionNode
  readonly errors?: readonly AnsweredError[]
}

/** A plugin of Apollo Server's, 4 and 5. */
export interface ApolloTracing {
  serverWillStart(service: { readonly schema: GraphQLSchema }): Promise<void>
  requestDidStart(): Promise<ApolloRequestTracing>
  unexpectedErrorProcessingRequest(failure: {
    readonly requestContext: object
    readonly error: Error
  }): Promise<void>
}

/** What the plugin listens to in one request. */
export interface ApolloRequestTracing {
  executionDidStart(request: ApolloRequest): Promise<ApolloExecutionTracing | undefined>
}

/** What the plugin listens to in one execution. */
export interface ApolloExecutionTracing {
  executionDidEnd(error?: Error): Promise<void>
}

const DEFAULT_ROUTE = '/graphql'

/**
 * Makes the plugin that traces the operations of an Apollo Server, 4 or 5: one span an operation, below
 * the request's, and the slow and failed resolvers below it. Throws a TypeError for an option that is
 * not allowed.
 *
 * @example
 * ```ts
 * import { tracing } from '@callchain/express'
 * import { apolloTracing } from '@callchain/graphql/apollo'
 *
 * const server = new ApolloServer({ typeDefs, resolvers, plugins: [apolloTracing()] })
 * await server.start()
 * app.use(tracing()) // before all else
 * app.use('/graphql', express.json(), expressMiddleware(server))
 * ```
 */
export function apolloTracing(options: GraphqlServerOptions = {}): ApolloTracing {
  checkServerOptions('apolloTracing()', options)
  const { route = DEFAULT_ROUTE, ...own } = options
  const opened = new WeakMap<object, Operation>()
  return {
    // Before Apollo puts resolvers of its own over every field, to tell which have one.
    serverWillStart: async ({ schema }) => traceResolvers(schema, own),
    requestDidStart: async () => {
      proposeRoute(route)
      return {
        executionDidStart: async (request) => {
          traceResolvers(request.schema, own)
          const operation = open(request, own)
          if (operation === undefined) return undefined
          opened.set(request, operation)
          return { executionDidEnd: async (error) => end(operation, request, error) }
        },
      }
    },
    unexpectedErrorProcessingRequest: async ({ requestContext, error }) => {
      const operation = opened.get(requestContext)
      if (operation !== undefined) end(operation, {}, error)
    },
  }
}

// An operation that the document does not have fails before anything is resolved.
function open(request: ApolloRequest, options: GraphqlServerOptions): Operation | undefined {
  const { document, operation: definition, contextValue } = request
  if (definition === undefined) return undefined
  const operation = startOperation({ document, definition, contextValue }, options)
  if (operation !== undefined) keepOperation(contextValue, operation)
  return operation
}

function end(
  operation: Operation,
  { errors = [] }: Pick<ApolloRequest, 'errors'>,
  error: Error | undefined,
): void {
  operation.end(
    error === undefined ? errors : [...errors, { message: '', path: [], originalError: error }],
  )
}
