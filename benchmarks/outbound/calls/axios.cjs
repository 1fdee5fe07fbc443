const { Agent } = require('node:http')

exports.atOnce = 10

/** axios with its adapter for `node:http`, over connections that are kept. */
exports.open = (url, wraps, { connect } = {}) => {
  const axios = require('axios')
  const httpAgent = new Agent({ keepAlive: true })
  if (connect !== undefined) httpAgent.createConnection = connect
  const plain = axios.create({ adapter: 'http', httpAgent })
  const client = wraps ? require('@callchain/clients/axios').traceAxios(plain) : plain
  return { call: () => client.get(url) }
}
