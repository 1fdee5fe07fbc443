import { proposeRoute } from '@callchain/core/internal'
import type { GraphQLSchema } from 'graphql'
import { checkServerOptions, type GraphqlServerOptions } from './operation/options.ts'
import { type Execute, tracedExecution } from './schema/trace-execution.ts'
import { traceResolvers } from './schema/trace-schema.ts'

/** What Yoga hands to its plugins before an operation is executed, as far as it is read. */
export interface YogaExecution {
  readonly executeFn: Execute<unknown>
  setExecuteFn(execute: Execute<unknown>): void
}

/** A plugin of GraphQL Yoga's, or of Envelop's. */
export interface YogaTracing {
  onYogaInit(init: { readonly yoga: { readonly graphqlEndpoint: string } }): void
  onParams(): void
  onSchemaChange(change: { readonly schema: GraphQLSchema }): void
  onExecute(execution: YogaExecution): void
}

/**
 * Makes the plugin that traces the operations of a GraphQL Yoga: one span an operation, below the
 * request's, and the slow and failed resolvers below it. The route of the request is Yoga's endpoint,
 * where no framework knows one. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { yogaTracing } from '@callchain/graphql/yoga'
 * import { traceListener } from '@callchain/node'
 *
 * const yoga = createYoga({ schema, plugins: [yogaTracing()] })
 * createServer(traceListener(yoga)).listen(4000)
 * ```
 */
export function yogaTracing(options: GraphqlServerOptions = {}): YogaTracing {
  checkServerOptions('yogaTracing()', options)
  const { route: given, ...own } = options
  let route = given ?? '/graphql'
  return {
    onYogaInit: ({ yoga }) => {
      route = given ?? yoga.graphqlEndpoint
    },
    onParams: () => proposeRoute(route),
    onSchemaChange: ({ schema }) => traceResolvers(schema, own),
    onExecute: ({ executeFn, setExecuteFn }) => setExecuteFn(tracedExecution(executeFn, own)),
  }
}
