import { rpcContract } from '@callchain/testing'
import * as grpc from '@grpc/grpc-js'
import { jest } from '@jest/globals'
import { GAPS, grpcSystem } from './contract-system.ts'

jest.mock('@grpc/grpc-js', () => jest.requireActual('grpc-js1.10'))

rpcContract({ name: 'grpc-js 1.10', system: grpcSystem(grpc), gaps: GAPS })
