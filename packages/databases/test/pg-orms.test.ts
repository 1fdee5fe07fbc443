import { jest } from '@jest/globals'
import pg from 'pg'
import { type OrmDatabase, ormContract } from './orm-contract.ts'
import { pgOrms } from './pg-orms.ts'
import { startPglite } from './postgres.ts'

jest.setTimeout(180_000)

ormContract('the embedded Postgres', pgOrms, async () => {
  const postgres = await startPglite()
  await fill(postgres.url)
  return postgres
})

const { DATABASE_URL } = process.env
if (DATABASE_URL !== undefined) {
  ormContract('a full server', pgOrms, () => makeDatabase(DATABASE_URL))
}

/** Makes a database of its own on a server that others use as well. */
async function makeDatabase(server: string): Promise<OrmDatabase> {
  const name = `callchain_orms_${process.pid}`
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await run(`DROP DATABASE IF EXISTS ${name}`)
  await run(`CREATE DATABASE ${name}`)
  const url = Object.assign(new URL(server), { pathname: name }).href
  await fill(url)
  return { url, stop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) }
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE TABLE customers (id int, city text)')
  await client.query("INSERT INTO customers VALUES (1, 'a')")
  await client.end()
}
