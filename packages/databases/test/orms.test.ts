import { createRecorder, type Recorder } from '@callchain/testing'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import knex from 'knex'
import pg from 'pg'
import { QueryTypes, Sequelize } from 'sequelize'
import { tracePg } from '../src/pg.ts'
import { type Postgres, startPglite } from './postgres.ts'

jest.setTimeout(60_000)

/** An ORM on one traced connection: reads the customers of a city, given as a bound value. */
interface Orm {
  read(city: string): Promise<unknown[]>
  close(): Promise<unknown>
}

const orms: Readonly<Record<string, (url: string) => Orm>> = {
  knex: (connection) => {
    const database = knex({
      client: 'pg',
      connection,
      pool: {
        min: 0,
        max: 1,
        afterCreate: (client: pg.Client, done: (error: unknown, client: pg.Client) => void) =>
          done(null, tracePg(client)),
      },
    })
    return {
      read: (city) => database('customers').where({ city }).select('id'),
      close: () => database.destroy(),
    }
  },
  drizzle: (connectionString) => {
    const pool = tracePg(new pg.Pool({ connectionString, max: 1 }))
    const customers = pgTable('customers', { id: integer(), city: text() })
    const database = drizzle(pool)
    return {
      read: (city) =>
        database.select({ id: customers.id }).from(customers).where(eq(customers.city, city)),
      close: () => pool.end(),
    }
  },
  sequelize: (url) => {
    const database = new Sequelize(url, {
      dialectModule: pg,
      logging: false,
      pool: { max: 1 },
      hooks: { afterConnect: (client) => void tracePg(client as pg.Client) },
    })
    return {
      read: (city) =>
        database.query('SELECT id FROM customers WHERE city = $1', {
          bind: [city],
          type: QueryTypes.SELECT,
        }),
      close: () => database.close(),
    }
  },
}

describe.each(Object.keys(orms))('%s on a traced connection', (name) => {
  let postgres: Postgres
  let recorder: Recorder
  let orm: Orm
  beforeAll(async () => {
    postgres = await startPglite()
    const pool = new pg.Pool({ connectionString: postgres.url })
    await pool.query(
      "CREATE TABLE customers (id int, city text); INSERT INTO customers VALUES (1, 'a')",
    )
    await pool.end()
  })
  afterAll(() => postgres.stop())
  beforeEach(async () => {
    recorder = createRecorder()
    orm = orms[name]?.(postgres.url) as Orm
    await orm.read('nowhere')
    recorder.reset()
  })
  afterEach(async () => {
    await orm.close()
    await recorder.settled()
    await recorder.shutdown()
  })

  it('puts each statement under its own request while they wait for one connection', async () => {
    const tracer = trace.getTracer('test')
    const results = await Promise.all(
      ['a', 'b', 'c'].map((city) =>
        tracer.startActiveSpan(city, async (request) => {
          const rows = await orm.read(city)
          request.end()
          return rows
        }),
      ),
    )
    expect(results).toEqual([[{ id: 1 }], [], []])
    const statements = recorder
      .spans()
      .filter((span) => /^select customers$/i.test(span.name.replaceAll('"', '')))
    const requests = recorder.spans().filter((span) => /^[abc]$/.test(span.name))
    expect(statements.map((span) => span.parentSpanContext?.spanId).toSorted()).toEqual(
      requests.map((span) => span.spanContext().spanId).toSorted(),
    )
    for (const { attributes } of statements) {
      expect(attributes['db.query.text']).toMatch(/where .*city"? = \$1/i)
    }
  })
})
