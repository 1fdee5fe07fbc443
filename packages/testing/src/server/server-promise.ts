import type { ContractPromise } from '../contract.ts'
import type { ServerStage } from './stage.ts'

/** A promise of the server contract. */
export type ServerPromise = ContractPromise<ServerStage>
