import { createRecorder, rpcContract } from '@callchain/testing'
import * as grpc from '@grpc/grpc-js'
import { GAPS, grpcSystem } from './contract-system.ts'

rpcContract({ name: 'grpc-js 1.14', system: grpcSystem(grpc), gaps: GAPS })
rpcContract({
  name: 'grpc-js 1.14, with the spans of the recorder',
  system: grpcSystem(grpc),
  gaps: GAPS,
  setUp: () => createRecorder({ provider: 'recorder' }),
})
