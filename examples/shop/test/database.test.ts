import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { type Child, startChild } from '../runner/child.js'

let database: Child

beforeAll(async () => {
  const ignore = (): void => undefined
  database = await startChild('database', {}, { onLog: ignore, onWarning: ignore, onLost: ignore })
}, 120_000)
afterAll(() => database?.stop())

async function open(): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: `postgres://postgres@127.0.0.1:${database.port}/postgres?sslmode=disable`,
  })
  await client.connect()
  return client
}

describe('the embedded database', () => {
  it('keeps the statements of several clients apart', async () => {
    const clients = await Promise.all([open(), open(), open()])
    const numbers = Array.from({ length: 60 }, (_, index) => index)
    const answers = await Promise.all(
      numbers.map((number) =>
        clients[number % 3]?.query('SELECT $1::int + $2::int AS sum', [number, number % 3]),
      ),
    )
    expect(answers.map((answer) => answer?.rows[0].sum)).toEqual(
      numbers.map((number) => number + (number % 3)),
    )
    await Promise.all(clients.map((client) => client.end()))
  })

  it('keeps others waiting for a transaction, and undoes that of a client that is gone', async () => {
    const [first, second] = [await open(), await open()]
    await first.query('CREATE TABLE kept (n int)')
    await first.query('BEGIN')
    await first.query('INSERT INTO kept VALUES (1)')
    const order: string[] = []
    const waiting = second.query('SELECT count(*)::int AS n FROM kept').then(({ rows }) => {
      order.push('second')
      return rows
    })
    await first.query('INSERT INTO kept VALUES (2)')
    order.push('first')
    first.on('error', () => {})
    ;(first as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
    expect(await waiting).toEqual([{ n: 0 }])
    expect(order).toEqual(['first', 'second'])
    await second.end()
  })

  it('goes on after a failed statement, and after a client that sends what is not a request', async () => {
    const odd = connect(database.port, '127.0.0.1')
    odd.end(Buffer.from([0, 0, 0, 8, 4, 210, 22, 46]))
    await new Promise((resolve) => odd.once('close', resolve))
    const client = await open()
    await expect(client.query('SELECT nothing FROM nowhere')).rejects.toThrow('nowhere')
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await client.end()
  })
})
