import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import knex from 'knex'
import pg from 'pg'
import { QueryTypes, Sequelize } from 'sequelize'
import { DataSource, EntitySchema } from 'typeorm'
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js'
import { tracePg } from '../src/pg.ts'
import type { Orms } from './orm-contract.ts'
import { makePrismaClient } from './prisma-client.ts'

/** Each ORM on pg, set up as its recipe in `docs/databases.md` says. */
export const pgOrms: Orms = {
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
      add: (id, city) => database.transaction((within) => within('customers').insert({ id, city })),
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
      add: (id, city) =>
        database.transaction((within) => within.insert(customers).values({ id, city })),
      close: () => pool.end(),
    }
  },

  Sequelize: (url) => {
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
      add: (id, city) =>
        database.transaction((transaction) =>
          database.query('INSERT INTO customers VALUES ($1, $2)', {
            bind: [id, city],
            transaction,
          }),
        ),
      close: () => database.close(),
    }
  },

  TypeORM: async (url) => {
    const customers = new EntitySchema<{ id: number; city: string }>({
      name: 'customers',
      columns: { id: { type: Number, primary: true }, city: { type: String } },
    })
    const database = new DataSource({
      type: 'postgres',
      replication: { master: { url }, slaves: [{ url }] },
      poolSize: 1,
      entities: [customers],
    })
    await database.initialize()
    const { master, slaves } = database.driver as PostgresDriver
    for (const pool of [master, ...slaves]) tracePg(pool)
    return {
      read: (city) =>
        database.getRepository(customers).find({ where: { city }, select: { id: true } }),
      add: (id, city) => database.transaction((within) => within.insert(customers, { id, city })),
      close: () => database.destroy(),
    }
  },

  Prisma: async (connectionString) => {
    const pool = tracePg(new pg.Pool({ connectionString, max: 1 }))
    const database = await makePrismaClient(pool)
    return {
      read: (city) => database.customer.findMany({ where: { city }, select: { id: true } }),
      add: (id, city) =>
        database.$transaction((within) => within.customer.create({ data: { id, city } })),
      close: async () => {
        await database.$disconnect()
        await pool.end()
      },
    }
  },
}
