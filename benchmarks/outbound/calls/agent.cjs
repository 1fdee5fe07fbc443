const http = require('node:http')

exports.atOnce = 10

/** `http.get` over an agent that keeps connections, its body read to the end. */
exports.open = (url, wraps, { connect } = {}) => {
  const plain = new http.Agent({ keepAlive: true })
  if (connect !== undefined) plain.createConnection = connect
  const agent = wraps ? require('@callchain/clients/agent').traceAgent(plain) : plain
  return {
    call: () =>
      new Promise((resolve, reject) => {
        const get = http.get(url, { agent }, (response) => {
          response.setEncoding('utf8')
          let body = ''
          response.on('data', (text) => {
            body += text
          })
          response.on('end', () => resolve(body))
          response.on('error', reject)
        })
        get.on('error', reject)
      }),
  }
}
