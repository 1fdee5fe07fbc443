import { jest } from '@jest/globals'
import { eq } from 'drizzle-orm'
import { int, mysqlTable, text } from 'drizzle-orm/mysql-core'
import { drizzle } from 'drizzle-orm/mysql2'
import knex from 'knex'
import mysql from 'mysql2'
import promises from 'mysql2/promise'
import { QueryTypes, Sequelize } from 'sequelize'
import { DataSource, EntitySchema } from 'typeorm'
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js'
import { traceMysql } from '../src/mysql2.ts'
import { type OrmDatabase, type Orms, ormContract } from './orm-contract.ts'

jest.setTimeout(180_000)

const orms: Orms = {
  knex: (connection) => {
    const database = knex({
      client: 'mysql2',
      connection,
      pool: {
        min: 0,
        max: 1,
        afterCreate: (
          client: mysql.Connection,
          done: (error: unknown, client: mysql.Connection) => void,
        ) => done(null, traceMysql(client)),
      },
    })
    return {
      read: (city) => database('customers').where({ city }).select('id'),
      add: (id, city) => database.transaction((within) => within('customers').insert({ id, city })),
      close: () => database.destroy(),
    }
  },

  drizzle: (uri) => {
    const pool = traceMysql(promises.createPool({ uri, connectionLimit: 1 }))
    const customers = mysqlTable('customers', { id: int(), city: text() })
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
      dialect: 'mysql',
      dialectModule: mysql,
      logging: false,
      pool: { max: 1 },
      hooks: { afterConnect: (client) => void traceMysql(client as mysql.Connection) },
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
    const database = new DataSource({ type: 'mysql', url, poolSize: 1, entities: [customers] })
    await database.initialize()
    traceMysql((database.driver as MysqlDriver).pool)
    return {
      read: (city) =>
        database.getRepository(customers).find({ where: { city }, select: { id: true } }),
      add: (id, city) => database.transaction((within) => within.insert(customers, { id, city })),
      close: () => database.destroy(),
    }
  },
}

ormContract('MariaDB', orms, () => makeDatabase(process.env.MYSQL_URL ?? ''))

/** Makes a database of its own on a server that others use as well. */
async function makeDatabase(server: string): Promise<OrmDatabase> {
  const name = `callchain_orms_${process.pid}`
  const connection = await promises.createConnection(server)
  await connection.query(`DROP DATABASE IF EXISTS ${name}`)
  await connection.query(`CREATE DATABASE ${name}`)
  await connection.query(`CREATE TABLE ${name}.customers (id int, city varchar(20))`)
  await connection.query(`INSERT INTO ${name}.customers VALUES (1, 'a')`)
  return {
    url: Object.assign(new URL(server), { pathname: name }).href,
    stop: async () => {
      await connection.query(`DROP DATABASE ${name}`)
      await connection.end()
    },
  }
}
