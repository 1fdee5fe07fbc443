import { serverContract } from '@callchain/testing'
import { listenedApp, servedApp } from './contract-applications.ts'

serverContract({ name: 'traceListener', createApp: listenedApp })
serverContract({ name: 'traceServer', createApp: servedApp })
