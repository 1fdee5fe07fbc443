import { type CreateApp, createRecorder, type Gaps, serverContract } from '@callchain/testing'
import fastify, { type FastifyInstance } from 'fastify'
import fastify4 from 'fastify4'
import { createFastifyApp } from './contract-application.ts'

const gaps: Gaps = {
  'traces a path that cannot be decoded': 'Fastify answers it without running any hook',
}

// The types of HTTP/2 and of Fastify 4 differ; what the contract uses of them does not.
const createApp: CreateApp = (application) =>
  createFastifyApp(
    fastify({ http2: application.http2 as true }) as unknown as FastifyInstance,
    application,
  )

serverContract({ name: 'Fastify 5', createApp, gaps })

serverContract({
  name: 'Fastify 5, with the spans of the recorder',
  createApp,
  gaps,
  setUp: () => createRecorder({ provider: 'recorder' }),
})

serverContract({
  name: 'Fastify 4',
  createApp: (application) =>
    createFastifyApp(
      fastify4({ http2: application.http2 as true }) as unknown as FastifyInstance,
      application,
    ),
  gaps,
})
