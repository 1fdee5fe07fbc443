export { assertSpan, type ExpectedSpan } from './assert-span.ts'
export { assertChain, type ExpectedChain } from './chain/assert-chain.ts'
export { type ChainCaller, type ChainOptions, chain } from './chain/chain.ts'
export type { Count } from './chain/chain-checks.ts'
export type { ChainSpan } from './chain/chain-span.ts'
export { type SpanCollector, startCollector } from './chain/collector.ts'
export type { Chain } from './chain/make-chain.ts'
export { type ChainMatchers, chainMatchers } from './chain/matchers.ts'
export type { SpanLike, WantedSpan } from './chain/wanted-span.ts'
export type { ClientAnswer, ClientRequest, CreateClient, SendRequest } from './client/stage.ts'
export { type ClientContractOptions, clientContract } from './client-contract.ts'
export type { Gaps, TestRunner } from './contract.ts'
export type {
  ConnectedDriver,
  DatabaseUnderTest,
  ExpectedStatement,
} from './database/stage.ts'
export { type DatabaseContractOptions, databaseContract } from './database-contract.ts'
export { type LogContractOptions, logContract } from './log-contract.ts'
export type { ContractLogger, CreateLogger, LogDestination } from './log-contract-stage.ts'
export type {
  ConnectedMessaging,
  ExpectedMessageSpan,
  HandledMessage,
  MessageHandler,
  MessagingConnection,
  MessagingUnderTest,
} from './message/stage.ts'
export { type MessageContractOptions, messageContract } from './message-contract.ts'
export { createMetricRecorder, type MetricPoint, type MetricRecorder } from './metric-recorder.ts'
export type { TestedProvider } from './record-into.ts'
export {
  createRecorder,
  type Recorder,
  type RecorderOptions,
} from './recorder.ts'
export {
  type RpcAnswer,
  type RpcCaller,
  type RpcCalling,
  type RpcConnecting,
  RpcFailure,
  type RpcHandlers,
  type RpcHandling,
  type RpcHookRequest,
  type RpcServing,
  type RpcUnderTest,
  type ServedRpc,
} from './rpc/stage.ts'
export { type RpcContractOptions, rpcContract } from './rpc-contract.ts'
export type {
  ContractApplication,
  ContractHandler,
  ContractMiddleware,
  ContractRequest,
  ContractRoute,
  ContractRouter,
} from './server/application.ts'
export type { BuiltApplication, CreateApp } from './server/stage.ts'
export { type ServerContractOptions, serverContract } from './server-contract.ts'
export type { WaitOptions } from './span-log.ts'
