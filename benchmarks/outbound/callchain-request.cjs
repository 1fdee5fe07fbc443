/** Runs in the context of a request that the middleware has received. */
exports.inCallchainRequest = () => {
  const { createServerTracer, runIn } = require('@callchain/core')
  const tracer = createServerTracer()
  return async (headers, run) => {
    const call = tracer.receive({
      method: 'GET',
      target: '/orders/7',
      scheme: 'http',
      protocolVersion: '1.1',
      peerAddress: '127.0.0.1',
      header: (name) => headers[name],
    })
    await runIn(call, run)
    call.send({ statusCode: 200, complete: true, route: '/orders/:id', header() {} })
  }
}
