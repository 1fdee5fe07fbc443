import type { ConnectedDriver, DatabaseUnderTest } from '@callchain/testing'
import newest from 'pg'
import { libraryLine } from '../../../test/library-line.ts'
import { tracePg } from '../src/pg.ts'

type Pg = typeof newest

/** The newest pg that we serve, and the oldest. */
export const pgLines: Readonly<Record<string, Pg>> = {
  [libraryLine('pg')]: newest,
  [libraryLine('pg', 'pg-8.11')]: require('pg-8.11'),
}

type Options = Parameters<DatabaseUnderTest['connect']>[0]
type Nowhere = Pick<ConnectedDriver, 'read' | 'close'>

/** What is handed over, and when. */
const CONNECT = { pool: connectPool, client: connectClient, 'open client': connectFirst }

/** What the driver contract needs of a Pool, or of a Client, of pg. */
export function pgUnderTest(
  pg: Pg,
  kind: keyof typeof CONNECT,
  url: () => string,
): DatabaseUnderTest {
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
    connect: (options) => CONNECT[kind](pg, url(), options),
    connectNowhere: () => CONNECT_NOWHERE[kind](pg, url()),
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

/** A server that is not there. */
const NOWHERE = { host: '127.0.0.1', port: 1, user: 'x', database: 'x' }

/** A pool and a client that reach no server, and a client whose connection is gone. */
const CONNECT_NOWHERE = {
  pool: async (pg: Pg): Promise<Nowhere> => {
    const pool = tracePg(new pg.Pool(NOWHERE))
    return { read: (key) => pool.query('SELECT $1', [key]), close: () => pool.end() }
  },
  client: async (pg: Pg): Promise<Nowhere> => {
    const client = tracePg(new pg.Client(NOWHERE))
    client.connect().catch(() => {})
    return { read: (key) => client.query('SELECT $1', [key]), close: () => client.end() }
  },
  'open client': async (pg: Pg, url: string): Promise<Nowhere> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    tracePg(client)
    await client.end()
    return { read: (key) => client.query('SELECT $1', [key]), close: async () => {} }
  },
}

async function connectPool(pg: Pg, url: string, options: Options): Promise<ConnectedDriver> {
  const pool = traced(new pg.Pool({ connectionString: url, max: 1 }), options)
  const opened = new Promise<newest.PoolClient>((resolve) => pool.once('connect', resolve))
  return {
    ...statements(pool),
    disturb: async (listener) => notify(await opened, pool, listener),
    close: () => pool.end(),
  }
}

async function connectClient(pg: Pg, url: string, options: Options): Promise<ConnectedDriver> {
  const client = traced(new pg.Client({ connectionString: url }), options)
  await client.connect()
  return onClient(client)
}

// As in a hook that runs when the connection is open.
async function connectFirst(pg: Pg, url: string, options: Options): Promise<ConnectedDriver> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return onClient(traced(client, options))
}

function traced<T extends newest.Pool | newest.Client>(
  on: T,
  { trace, requireParent }: Options,
): T {
  for (let times = 0; times < trace; times += 1)
    tracePg(on, { requireParent: requireParent === true })
  return on
}

function onClient(client: newest.Client): ConnectedDriver {
  return {
    ...statements(client),
    disturb: (listener) => notify(client, client, listener),
    close: () => client.end(),
  }
}

async function notify(
  client: newest.ClientBase,
  by: newest.Pool | newest.Client,
  listener: () => void,
): Promise<void> {
  const heard = new Promise((resolve) => client.once('notification', resolve))
  client.once('notification', listener)
  await by.query('LISTEN disturbances')
  await by.query('NOTIFY disturbances')
  await heard
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
    failWithin: (value) => on.query(`SELECT 1; SELECT CAST('${value}' AS integer)`),
  }
}
