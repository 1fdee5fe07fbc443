import { createRecorder, serverContract } from '@callchain/testing'
import express from 'express'
import express4 from 'express4'
import { createExpressApp } from './contract-application.ts'

serverContract({
  name: 'Express 5',
  createApp: (application) => createExpressApp(express, application),
})

serverContract({
  name: 'Express 5, with the spans of the recorder',
  createApp: (application) => createExpressApp(express, application),
  setUp: () => createRecorder({ provider: 'recorder' }),
})

serverContract({
  name: 'Express 4',
  createApp: (application) => createExpressApp(express4 as unknown as typeof express, application),
})
