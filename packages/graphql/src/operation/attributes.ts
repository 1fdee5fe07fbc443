// https://opentelemetry.io/docs/specs/semconv/graphql/, status Development.
export const GRAPHQL_OPERATION_TYPE = 'graphql.operation.type'
export const GRAPHQL_OPERATION_NAME = 'graphql.operation.name'
export const GRAPHQL_DOCUMENT = 'graphql.document'
/** Our own: the field of a resolver, as the schema names it: `Order.items`. */
export const GRAPHQL_FIELD = 'callchain.graphql.field'
/** Our own: how many errors the answer has. */
export const GRAPHQL_ERRORS = 'callchain.graphql.errors'
/** Our own: how many slow or failed resolvers have no span of their own. */
export const GRAPHQL_LEFT_OUT = 'callchain.graphql.resolvers_left_out'
/** Our own: how many events a subscription has had. */
export const GRAPHQL_EVENTS = 'callchain.graphql.events'
