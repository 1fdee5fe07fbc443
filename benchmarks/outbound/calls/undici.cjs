exports.atOnce = 10

/** `request` of undici over its own agent, its body read as text. */
exports.open = (url, wraps) => {
  const { Agent, request } = require('undici')
  const agent = new Agent()
  const dispatcher = wraps
    ? agent.compose(require('@callchain/clients/undici').traceUndici())
    : agent
  return {
    async call() {
      const { statusCode, body } = await request(url, { dispatcher })
      await body.text()
      if (statusCode !== 200) throw new Error(`undici: ${statusCode}`)
    },
  }
}
