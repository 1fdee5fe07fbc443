import { createRecorder, serverContract } from '@callchain/testing'
import { listenedApp, servedApp } from './contract-applications.ts'

serverContract({ name: 'traceListener', createApp: listenedApp })
serverContract({ name: 'traceServer', createApp: servedApp })
serverContract({
  name: 'traceListener, with the spans of the recorder',
  createApp: listenedApp,
  setUp: () => createRecorder({ provider: 'recorder' }),
})
