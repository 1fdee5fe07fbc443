import { serverContract } from '@callchain/testing'
import { createNodeApp } from './node-application.ts'

serverContract({
  name: 'node:http',
  createApp: createNodeApp,
})
