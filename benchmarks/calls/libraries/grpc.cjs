// A unary call of grpc-js over loopback, whose two ends are in this process.
const grpc = require('@grpc/grpc-js')

const codec = {
  requestSerialize: (text) => Buffer.from(text),
  requestDeserialize: String,
  responseSerialize: (text) => Buffer.from(text),
  responseDeserialize: String,
}
const definition = {
  get: { path: '/bench.v1.Stock/Get', requestStream: false, responseStream: false, ...codec },
}

/** What arrived at the handler. */
const seen = { calls: 0, traced: 0, withTenant: 0 }

function get({ metadata }, respond) {
  seen.calls += 1
  if (String(metadata.get('traceparent')).startsWith('00-0af7651916cd43dd8448eb211c80319c'))
    seen.traced += 1
  if (String(metadata.get('baggage')).includes('tenant.id=acme')) seen.withTenant += 1
  respond(null, '{"id":7}')
}

/** Makes one call; `traced` is our package, where it is to be traced. */
exports.open = async (traced) => {
  const bare = new grpc.Server(traced && { interceptors: [traced.tracing()] })
  const server = traced ? traced.traceGrpcServer(bare) : bare
  server.addService(definition, { get })
  const port = await new Promise((resolve, reject) => {
    const insecure = grpc.ServerCredentials.createInsecure()
    server.bindAsync('127.0.0.1:0', insecure, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  const Stock = grpc.makeGenericClientConstructor(definition, 'bench.v1.Stock')
  const client = new Stock(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
    traced && { interceptors: [traced.traceGrpc()] },
  )
  const step = () =>
    new Promise((resolve, reject) => {
      client.get('7', (error, text) => (error === null ? resolve(text) : reject(error)))
    })
  return { seen, step }
}
