import { databaseContract } from '@callchain/testing'
import { pgLines, pgUnderTest } from './pg-contract.ts'

const url = (): string => process.env.DATABASE_URL ?? ''

for (const [line, pg] of Object.entries(pgLines)) {
  const on = `${line} on a full server`
  databaseContract({ name: `Pool of ${on}`, database: pgUnderTest(pg, 'pool', url) })
  databaseContract({ name: `Client of ${on}`, database: pgUnderTest(pg, 'client', url) })
}
