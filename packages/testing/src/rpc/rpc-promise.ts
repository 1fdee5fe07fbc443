import type { ContractPromise } from '../contract.ts'
import type { RpcStage } from './stage.ts'

/** A promise of the RPC contract. */
export type RpcPromise = ContractPromise<RpcStage>
