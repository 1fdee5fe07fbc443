import {
  checkOptions,
  FLAG,
  NAME,
  type OptionRules,
  SYNC_FUNCTION,
  TRACER_PROVIDER,
} from '@callchain/core/internal'
import type { Attributes, TracerProvider } from '@opentelemetry/api'
import type { AnsweredError } from './answered-error.ts'

/** What hooks may know of an operation. Its name is the client's word. */
export interface OperationFacts {
  /** `undefined` where it cannot be told. */
  readonly type: 'query' | 'mutation' | 'subscription' | undefined
  /** The name that the client gave it. */
  readonly name: string | undefined
  /** The context of the application's resolvers. */
  readonly contextValue: unknown
}

/** Options of every way to trace GraphQL. */
export interface GraphqlOptions {
  /** Whether the document is recorded, with `?` for every value in it. Default: false. */
  document?: boolean
  /** From how many milliseconds on a resolver has a span of its own; 0 for all. Default: 5. */
  slowerThan?: number
  /** How many resolvers of one operation have a span: the failed ones first, then the slowest. Default: 10. */
  maxSpans?: number
  /** Whether an error in the answer makes the operation a failed one. Default: every error does. */
  isFailure?(error: AnsweredError): boolean
  /** Operations that have no span; what their resolvers do is in the request's. Default: none. */
  ignore?(operation: OperationFacts): boolean
  /** Attributes for the span of an operation. Default: none. */
  attributes?(operation: OperationFacts): Attributes | undefined
  /** Whose tracer makes the spans. Default: the global one. */
  tracerProvider?: TracerProvider
}

/** Options of a GraphQL server that answers over HTTP. */
export interface GraphqlServerOptions extends GraphqlOptions {
  /** The route of the request, where no framework knows one. Default: `'/graphql'`. */
  route?: string
}

const MILLISECONDS = {
  allowed: 'a number of milliseconds, 0 or more',
  holds: (value: unknown) => typeof value === 'number' && value >= 0,
}

const SPANS = {
  allowed: 'a whole number from 0 to 1000',
  holds: (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1000,
}

const RULES: OptionRules<GraphqlOptions> = {
  document: FLAG,
  slowerThan: MILLISECONDS,
  maxSpans: SPANS,
  isFailure: SYNC_FUNCTION,
  ignore: SYNC_FUNCTION,
  attributes: SYNC_FUNCTION,
  tracerProvider: TRACER_PROVIDER,
}

/** Checks the options of `what` at start-up. Throws a TypeError for one that is not allowed. */
export function checkGraphqlOptions(what: string, options: GraphqlOptions): void {
  checkOptions(what, options, RULES)
}

/** The same, with the route of a server. */
export function checkServerOptions(what: string, options: GraphqlServerOptions): void {
  checkOptions<GraphqlServerOptions>(what, options, { ...RULES, route: NAME })
}
