import './tracing.js'
import tracing from '@callchain/fastify'
import Fastify from 'fastify'

const app = Fastify()
await app.register(tracing)

app.get('/orders/:id', (request) => ({ order: request.params.id }))
await app.listen({ port: Number(process.env.PORT ?? 3000) })
