import { serverContract } from '@callchain/testing'
import fastify, { type FastifyInstance } from 'fastify'
import fastify4 from 'fastify4'
import { createFastifyApp } from './contract-application.ts'

serverContract({
  name: 'Fastify 5',
  createApp: (application) => createFastifyApp(fastify(), application),
})

// The types of the two lines differ; what the contract uses of them does not.
serverContract({
  name: 'Fastify 4',
  createApp: (application) =>
    createFastifyApp(fastify4() as unknown as FastifyInstance, application),
})
