import type { Query } from '@callchain/core'

/** Where statements and commands go. */
export type DatabaseServer = Pick<Query, 'namespace' | 'serverAddress' | 'serverPort'>
