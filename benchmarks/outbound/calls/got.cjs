const { Agent } = require('node:http')

exports.atOnce = 10

/** got, over connections that are kept, without its own retries. */
exports.open = async (url, wraps, { connect } = {}) => {
  const { default: got } = await import('got')
  const http = new Agent({ keepAlive: true })
  if (connect !== undefined) http.createConnection = connect
  const plain = got.extend({ agent: { http }, retry: { limit: 0 } })
  const client = wraps ? require('@callchain/clients/got').traceGot(plain) : plain
  return { call: () => client.get(url).text() }
}
