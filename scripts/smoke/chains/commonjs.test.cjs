const { chain, createRecorder } = require('@callchain/testing')
const { tracing } = require('@callchain/express')
const express = require('express')

test('chains are asserted on from CommonJS', async () => {
  const recorder = createRecorder()
  const app = express()
  app.use(tracing())
  app.get('/', (_request, response) => response.end('done'))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${server.address().port}/`
  const trace = await chain(({ headers }) => fetch(url, { headers }))
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await recorder.shutdown()
  expect(trace).toMatchChain('GET /  200')
  expect(trace).toRunStatements(0)
})
