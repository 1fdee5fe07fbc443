import type { ContractPromise } from '../contract.ts'
import type { ClientStage } from './stage.ts'

/** A promise of the client contract. */
export type ClientPromise = ContractPromise<ClientStage>
