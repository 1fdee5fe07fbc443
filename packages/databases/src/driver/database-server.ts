import type { DatabaseStatement } from '@callchain/core'

/** Where statements and commands go. */
export type DatabaseServer = Pick<DatabaseStatement, 'namespace' | 'serverAddress' | 'serverPort'>
