import { databaseContract } from '@callchain/testing'
import { pgUnderTest } from './pg-contract.ts'

const url = (): string => process.env.DATABASE_URL ?? ''

databaseContract({ name: 'Pool of pg 8 on a full server', database: pgUnderTest('pool', url) })
databaseContract({ name: 'Client of pg 8 on a full server', database: pgUnderTest('client', url) })
