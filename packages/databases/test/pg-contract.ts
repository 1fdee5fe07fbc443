import type { ConnectedDriver, DatabaseUnderTest } from '@callchain/testing'
import newest from 'pg'
import { tracePg } from '../src/pg.ts'
import { driverLine } from './driver-line.ts'

type Pg = typeof newest

/** The newest pg that we serve, and the oldest. */
export const pgLines: Readonly<Record<string, Pg>> = {
  [driverLine('pg')]: newest,
  [driverLine('pg', 'pg-8.11')]: require('pg-8.11'),
}

/** What the driver contract needs of a Pool, or of a Client, of pg. */
export function pgUnderTest(pg: Pg, kind: 'pool' | 'client', url: () => string): DatabaseUnderTest {
  const shared = () => {
    const { hostname, port, pathname } = new URL(url())
    return {
      'db.system.name': 'postgresql',
      'db.namespace': pathname.slice(1),
      'db.operation.name': undefined,
      'db.collection.name': undefined,
      'server.address': hostname,
      'server.port': port === '' || port === '5432' ? undefined : Number(port),
    }
  }
  return {
    connect: ({ trace }) => (kind === 'pool' ? connectPool : connectClient)(pg, url(), trace),
    read: () => ({
      name: 'SELECT pg_type',
      attributes: {
        ...shared(),
        'db.query.summary': 'SELECT pg_type',
        'db.query.text': 'SELECT oid FROM pg_type WHERE typname = $1',
        'db.query.parameter.0': undefined,
      },
    }),
    fail: () => ({
      name: 'SELECT',
      attributes: {
        ...shared(),
        'db.query.summary': 'SELECT',
        'db.query.text': 'SELECT CAST(? AS integer)',
        'db.response.status_code': '22P02',
      },
    }),
  }
}

async function connectPool(pg: Pg, url: string, trace: number): Promise<ConnectedDriver> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  for (let times = 0; times < trace; times += 1) tracePg(pool)
  return { ...statements(pool), close: () => pool.end() }
}

async function connectClient(pg: Pg, url: string, trace: number): Promise<ConnectedDriver> {
  const client = new pg.Client({ connectionString: url })
  for (let times = 0; times < trace; times += 1) tracePg(client)
  await client.connect()
  return { ...statements(client), close: () => client.end() }
}

function statements(on: newest.Pool | newest.Client): Omit<ConnectedDriver, 'close'> {
  const text = 'SELECT oid FROM pg_type WHERE typname = $1'
  return {
    read: async (key) => (await on.query(text, [key])).rows,
    readThen: (key, callback) => {
      if ('totalCount' in on) on.query(text, [key], callback)
      else on.query(text, [key], callback)
    },
    fail: (value) => on.query(`SELECT CAST('${value}' AS integer)`),
  }
}
