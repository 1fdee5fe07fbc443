const { startTracing } = require('@callchain/sdk')
const { tracing } = require('@callchain/fastify')
const Fastify = require('fastify')

startTracing({ serviceName: 'orders' })
const app = Fastify()
app.register(tracing)

app.get('/orders/:id', (request) => ({ order: request.params.id }))
app.listen({ port: Number(process.env.PORT ?? 3000) })
