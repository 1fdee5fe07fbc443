// An operation of graphql, parsed already, with one resolver.
const { buildSchema, execute, parse } = require('graphql')
const { context, trace } = require('@opentelemetry/api')
const { suppressTracing } = require('@opentelemetry/core')

/** What the resolver has seen. */
const seen = { calls: 0, traced: 0 }

/** Executes one operation; `traced` is our package, where it is to be traced. */
exports.open = async (traced) =>
  context.with(suppressTracing(context.active()), prepare, undefined, traced)

// What is parsed here belongs to no operation.
function prepare(traced) {
  const schema = buildSchema('type Query { order(id: Int): Order } type Order { id: Int }')
  schema.getQueryType().getFields().order.resolve = async () => {
    seen.calls += 1
    const { traceId } = trace.getActiveSpan()?.spanContext() ?? {}
    if (traceId === '0af7651916cd43dd8448eb211c80319c') seen.traced += 1
    return { id: 7 }
  }
  const run = traced ? traced.traceExecution(execute) : execute
  const document = parse('query Order { order(id: 7) { id } }')
  return { seen, step: () => run({ schema, document, contextValue: {} }) }
}
