import { tracing } from '@callchain/express'
import { SpanKind, trace } from '@opentelemetry/api'
import express from 'express'

/** Runs a statement, as a traced driver does. */
function statement(text) {
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text }
  trace.getTracer('app').startSpan('SELECT lines', { kind: SpanKind.CLIENT, attributes }).end()
}

/** An application whose list asks for each of its rows by itself. */
export async function startApplication() {
  const app = express()
  app.use(tracing())
  app.get('/lists/:length', (request, response) => {
    for (let row = 0; row < Number(request.params.length); row++)
      statement('SELECT * FROM lines WHERE id = $1')
    response.end('done')
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
