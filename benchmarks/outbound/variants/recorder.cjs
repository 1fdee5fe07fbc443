const { context, trace } = require('@opentelemetry/api')
const { request } = require('node:http')
const { inCallchainRequest } = require('../callchain-request.cjs')

/** The wrapped client on the recorder, without an SDK. */
exports.start = ({ collector }) => {
  const { createContextManager } = require('@callchain/core')
  const { createRecorderProvider, createSpanQueue } = require('@callchain/recorder')
  const queue = createSpanQueue({ resource: { 'service.name': 'benchmark' } })
  trace.setGlobalTracerProvider(createRecorderProvider({ sink: queue }))
  context.setGlobalContextManager(createContextManager())
  return {
    wraps: true,
    inRequest: inCallchainRequest(),

    async flush() {
      for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) {
        await post(`${collector}/v1/traces`, chunk.bytes)
        queue.release(chunk)
      }
    },
  }
}

const post = (url, bytes) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': bytes.length }
    const sent = request(url, { method: 'POST', headers }, (response) =>
      response.on('end', resolve).resume(),
    )
    sent.on('error', reject).end(bytes)
  })
