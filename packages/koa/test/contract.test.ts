import { createRecorder, serverContract } from '@callchain/testing'
import Koa from 'koa'
import Koa2 from 'koa2'
import { createKoaApp } from './contract-application.ts'

serverContract({ name: 'Koa 3', createApp: (application) => createKoaApp(new Koa(), application) })

serverContract({
  name: 'Koa 3, with the spans of the recorder',
  createApp: (application) => createKoaApp(new Koa(), application),
  setUp: () => createRecorder({ provider: 'recorder' }),
})

serverContract({ name: 'Koa 2', createApp: (application) => createKoaApp(new Koa2(), application) })
