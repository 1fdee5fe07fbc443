import {
  type ConnectedDriver,
  createRecorder,
  type DatabaseUnderTest,
  databaseContract,
  type Recorder,
} from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import type { Connection, Pool, RowDataPacket } from 'mysql2'
import mysqlNewest from 'mysql2'
import promisesNewest from 'mysql2/promise'
import mysqlOldest from 'mysql2-3.9'
import promisesOldest from 'mysql2-3.9/promise'
import { libraryLine } from '../../../test/library-line.ts'
import { traceMysql } from '../src/mysql2.ts'

const uri = process.env.MYSQL_URL ?? ''
const TEXT = 'SELECT table_name FROM information_schema.tables WHERE table_name = ?'
const system = 'mariadb'

type Queryable = Pool | Connection

type Options = Parameters<DatabaseUnderTest['connect']>[0]

function underTest(connect: (options: Options) => Promise<ConnectedDriver>): DatabaseUnderTest {
  const shared = () => {
    const { hostname, port, pathname } = new URL(uri)
    return {
      'db.system.name': system,
      'db.namespace': pathname.slice(1),
      'server.address': hostname,
      'server.port': port === '3306' ? undefined : Number(port),
    }
  }
  const name = 'SELECT information_schema.tables'
  return {
    connect,
    read: () => ({
      name,
      attributes: { ...shared(), 'db.query.summary': name, 'db.query.text': TEXT },
    }),
    fail: () => ({
      name: 'SELECT nothing_like_it',
      attributes: {
        ...shared(),
        'db.query.summary': 'SELECT nothing_like_it',
        'db.query.text': 'SELECT ? FROM nothing_like_it',
        'db.response.status_code': '1146',
      },
    }),
  }
}

function traced<T extends Queryable | promisesNewest.Pool | promisesNewest.Connection>(
  on: T,
  { trace: times, requireParent = false }: Options,
): T {
  for (let time = 0; time < times; time += 1) traceMysql(on, { system, requireParent })
  return on
}

interface Emitting {
  once(event: 'error', listener: () => void): unknown
}

/** Has the server end an idle connection, and waits until the driver has heard of it. */
async function kill(connection: Emitting, id: unknown, listener: () => void): Promise<void> {
  const heard = new Promise<void>((resolve) => connection.once('error', () => resolve()))
  connection.once('error', listener)
  const other = await promisesNewest.createConnection(uri)
  await other.query('KILL ?', [id])
  await other.end()
  await heard
}

const ID = 'SELECT CONNECTION_ID() AS id'

function withCallbacks(on: Queryable): Omit<ConnectedDriver, 'close'> {
  const run = (text: string, values?: unknown[]) =>
    new Promise((resolve, reject) => {
      on.query(text, values, (error, rows) => (error ? reject(error) : resolve(rows)))
    })
  return {
    read: (key) => run(TEXT, [key]),
    readThen: (key, callback) => void on.execute(TEXT, [key], callback),
    fail: (value) => run(`SELECT '${value}' FROM nothing_like_it`),
    failWithin: (value) => run(SEVERAL(value)),
  }
}

/** The newest that we serve, and the oldest. */
const lines = [
  [libraryLine('mysql2'), mysqlNewest, promisesNewest],
  [
    libraryLine('mysql2', 'mysql2-3.9'),
    mysqlOldest as unknown as typeof mysqlNewest,
    promisesOldest as unknown as typeof promisesNewest,
  ],
] as const

/** One statement may be several. */
const multipleStatements = true
const NOWHERE = { host: '127.0.0.1', port: 1 }
const SEVERAL = (value: string): string => `SELECT 1; SELECT '${value}' FROM nothing_like_it`

/** What mysql2/promise does not have. */
const promiseGaps = {
  'runs each callback in the context it was given in when they wait for one connection':
    'it has promises alone',
}

describe.each(lines)('%s', (line, mysql, promises) => {
  const pooled: DatabaseUnderTest = {
    connectNowhere: async () => {
      const pool = traceMysql(mysql.createPool(NOWHERE))
      return { ...withCallbacks(pool), close: () => pool.promise().end() }
    },
    ...underTest(async (options) => {
      const pool = mysql.createPool({ uri, connectionLimit: 1, multipleStatements })
      const opened = new Promise<Emitting>((resolve) => pool.once('connection', resolve))
      return {
        ...withCallbacks(traced(pool, options)),
        disturb: async (listener) => {
          const [rows] = await pool.promise().query<RowDataPacket[]>(ID)
          await kill(await opened, rows[0]?.id, listener)
        },
        close: () => pool.promise().end(),
      }
    }),
  }
  databaseContract({ name: `pool of ${line} on MariaDB`, database: pooled })
  if (mysql === mysqlNewest) {
    databaseContract({
      name: `pool of ${line} on MariaDB, with the spans of the recorder`,
      database: pooled,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }

  databaseContract({
    name: `connection of ${line} on MariaDB`,
    database: {
      connectNowhere: async () => {
        const connection = traceMysql(mysql.createConnection(NOWHERE))
        connection.on('error', () => {})
        return { ...withCallbacks(connection), close: async () => connection.destroy() }
      },
      ...underTest(async (options) => {
        const connection = traced(mysql.createConnection({ uri, multipleStatements }), options)
        return {
          ...withCallbacks(connection),
          disturb: async (listener) => {
            const [rows] = await connection.promise().query<RowDataPacket[]>(ID)
            await kill(connection, rows[0]?.id, listener)
          },
          close: () =>
            connection
              .promise()
              .end()
              .catch(() => {}),
        }
      }),
    },
  })

  databaseContract({
    name: `pool of ${line} with promises on MariaDB`,
    gaps: promiseGaps,
    database: {
      connectNowhere: async () => {
        const pool = traceMysql(promises.createPool(NOWHERE))
        return { read: (key) => pool.query(TEXT, [key]), close: () => pool.end() }
      },
      ...underTest(async (options) => {
        const pool = promises.createPool({ uri, connectionLimit: 1, multipleStatements })
        const opened = new Promise<Emitting>((resolve) => pool.once('connection', resolve))
        traced(pool, options)
        return {
          read: async (key) => (await pool.query(TEXT, [key]))[0],
          fail: (value) => pool.execute(`SELECT '${value}' FROM nothing_like_it`),
          failWithin: (value) => pool.query(SEVERAL(value)),
          disturb: async (listener) => {
            const [rows] = await pool.query<RowDataPacket[]>(ID)
            await kill(await opened, rows[0]?.id, listener)
          },
          close: () => pool.end(),
        }
      }),
    },
  })

  databaseContract({
    name: `connection of ${line} with promises on MariaDB`,
    gaps: promiseGaps,
    database: {
      // It is there only once it is open, so what reaches no server comes after it was closed.
      connectNowhere: async () => {
        const connection = traceMysql(await promises.createConnection(uri))
        await connection.end()
        return { read: (key) => connection.execute(TEXT, [key]), close: async () => {} }
      },
      ...underTest(async (options) => {
        const connection = await promises.createConnection({ uri, multipleStatements })
        traced(connection, options)
        return {
          disturb: async (listener) => {
            const [rows] = await connection.query<RowDataPacket[]>(ID)
            await kill(connection, rows[0]?.id, listener)
          },
          read: async (key) => (await connection.execute(TEXT, [key]))[0],
          fail: (value) => connection.query(`SELECT '${value}' FROM nothing_like_it`),
          failWithin: (value) => connection.query(SEVERAL(value)),
          close: () => connection.end().catch(() => {}),
        }
      }),
    },
  })

  describe('traceMysql()', () => {
    let recorder: Recorder
    let pool: Pool
    beforeEach(() => {
      recorder = createRecorder()
      pool = traceMysql(mysql.createPool({ uri, connectionLimit: 1, namedPlaceholders: true }))
    })
    afterEach(async () => {
      await pool.promise().end()
      await recorder.settled()
      await recorder.shutdown()
    })
    const names = (): string[] => recorder.spans().map(({ name }) => name)

    it('returns what it was given, with the properties it had', () => {
      expect(traceMysql(pool)).toBe(pool)
      const untraced = mysql.createPool({ uri })
      expect(Object.keys(pool)).toEqual(Object.keys(untraced))
      untraced.end()
    })

    it('says how long a statement waited for its connection', async () => {
      const busy = await pool.promise().getConnection()
      const waiting = pool.promise().query('SELECT 1')
      await busy.query('SELECT SLEEP(0.05)')
      busy.release()
      await waiting
      expect(names()).toEqual(['pool.getConnection', 'SELECT', 'SELECT'])
      const [, slow, waited] = recorder.spans()
      expect(slow?.attributes['callchain.db.pool_wait']).toBeUndefined()
      expect(waited?.attributes['callchain.db.pool_wait']).toBeGreaterThan(40)
    })

    it('runs each callback of a checkout in the request that asked', async () => {
      const contexts = await Promise.all(
        ['A', 'B', 'C'].map((name) =>
          trace.getTracer('test').startActiveSpan(name, async (request) => {
            const within = await new Promise((resolve, reject) => {
              pool.getConnection((error, connection) => {
                if (error) return reject(error)
                connection.release()
                resolve(trace.getActiveSpan())
              })
            })
            request.end()
            return within === request
          }),
        ),
      )
      expect(contexts).toEqual([true, true, true])
    })

    it('traces a transaction, and a statement that is prepared once', async () => {
      const connection = await pool.promise().getConnection()
      await connection.beginTransaction()
      const statement = await connection.prepare('SELECT ? + 1 AS n')
      expect((await statement.execute([1]))[0]).toEqual([{ n: 2 }])
      await statement.close()
      await connection.commit()
      connection.release()
      expect(names()).toEqual(['pool.getConnection', 'START', 'SELECT', 'COMMIT'])
      expect(recorder.spans()[2]?.attributes['db.query.text']).toBe('SELECT ? + 1 AS n')
    })

    it('keeps a text with named values as it is, and shows those it was asked for', async () => {
      const shown = traceMysql(mysql.createPool({ uri, namedPlaceholders: true }), {
        captureParameters: ({ key }) => key === 'a',
      })
      await shown.promise().query('SELECT :a, :b', { a: 1, b: 'jane' })
      await shown.promise().end()
      const [span] = recorder.spans()
      expect(span?.attributes['db.query.text']).toBe('SELECT :a, :b')
      expect(span?.attributes['db.query.parameter.a']).toBe('1')
      expect(JSON.stringify(span?.attributes)).not.toContain('jane')
    })

    it('ends the span of a stream of rows, and runs its listeners in the request', async () => {
      await trace.getTracer('test').startActiveSpan('request', async (request) => {
        const seen = new Set<unknown>()
        await new Promise((resolve, reject) => {
          pool
            .query('SELECT 1 AS n UNION SELECT 2')
            .stream()
            .on('data', () => seen.add(trace.getActiveSpan()))
            .on('end', resolve)
            .on('error', reject)
        })
        expect([...seen]).toEqual([request])
        request.end()
      })
      expect(names().toSorted()).toEqual(['SELECT SELECT', 'request'])
    })

    it('keeps the end of an idle connection out of the request that had it opened', async () => {
      const ended = new Promise((resolve) => {
        pool.once('connection', (connection) => {
          connection.once('error', () => resolve(trace.getActiveSpan()))
        })
      })
      await trace.getTracer('test').startActiveSpan('opener', async (request) => {
        const [rows] = await pool.promise().query<RowDataPacket[]>('SELECT CONNECTION_ID() AS id')
        request.end()
        const other = await promises.createConnection(uri)
        await other.query('KILL ?', [rows[0]?.id])
        await other.end()
      })
      await expect(ended).resolves.toBeUndefined()
    })

    it('ends the span of every statement that a broken connection does not answer', async () => {
      const connection = traceMysql(mysql.createConnection(uri))
      const broken = new Promise((resolve) => connection.once('error', resolve))
      const [rows] = await connection
        .promise()
        .query<RowDataPacket[]>('SELECT CONNECTION_ID() AS id')
      recorder.reset()
      connection.query('SELECT SLEEP(30)', () => {})
      connection.query('SELECT 1').stream().resume()
      const other = await promises.createConnection(uri)
      await other.query('KILL ?', [rows[0]?.id])
      await other.end()
      await broken
      await recorder.settled()
      expect(recorder.spans().map(({ attributes }) => typeof attributes['error.type'])).toEqual([
        'string',
        'string',
      ])
    })

    it('throws what mysql2 throws, and ends the span', async () => {
      const run = pool.promise().execute('SELECT :a', { a: undefined } as never)
      await expect(run).rejects.toThrow('must not contain undefined')
      expect(recorder.spans()[0]?.attributes['error.type']).toBe('TypeError')
    })

    it('says what it takes', () => {
      expect(() => traceMysql({} as never)).toThrow(
        'traceMysql() takes a pool, a connection or a pool cluster',
      )
      expect(() => traceMysql(pool, { system: 'oracle' as never })).toThrow(
        "system of traceMysql() cannot be 'oracle'; allowed: 'mysql', 'mariadb'",
      )
    })
  })

  describe('traceMysql() with sqlcommenter', () => {
    it('sends the trace along with a query, and not with what is prepared', async () => {
      const recorder = createRecorder()
      const pool = traceMysql(promises.createPool({ uri, connectionLimit: 1 }), {
        sqlcommenter: true,
      })
      const sql = 'SELECT info FROM information_schema.processlist WHERE id = CONNECTION_ID()'
      const [[queried]] = await pool.query<RowDataPacket[]>({ sql })
      const [[executed]] = await pool.execute<RowDataPacket[]>(sql)
      await pool.end()
      expect(queried?.info).toMatch(/ \/\*traceparent='00-[0-9a-f]{32}-[0-9a-f]{16}-01'\*\/$/)
      expect(executed?.info).toBe(sql)
      await recorder.shutdown()
    })
  })
})
