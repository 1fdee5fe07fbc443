import { rpcContract } from '@callchain/testing'
import * as grpc from '@grpc/grpc-js'
import { GAPS, grpcSystem } from './contract-system.ts'
import { mutualWire } from './wires.ts'

rpcContract({
  name: 'grpc-js 1.14 over mutual TLS, with gzip',
  system: grpcSystem(grpc, mutualWire(grpc)),
  gaps: GAPS,
})
