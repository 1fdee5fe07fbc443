import { createServer } from 'node:http'
import { traceFetch } from '@callchain/clients/fetch'
import { tenant } from '@callchain/core'
import { tracePg } from '@callchain/databases/pg'
import { tracing } from '@callchain/express'
import express from 'express'
import pg from 'pg'
import { startPglite } from '../../../databases/test/postgres.ts'
import { listen } from '../../src/listen.ts'

/** Orders, which asks inventory, which asks a Postgres. */
export interface Shop {
  /** Orders, to be asked by supertest. */
  readonly orders: express.Express
  close(): Promise<void>
}

/** Starts the shop in this process. */
export async function startShop(): Promise<Shop> {
  const postgres = await startPglite()
  const pool = tracePg(new pg.Pool({ connectionString: postgres.url, max: 4 }))
  await pool.query('CREATE TABLE stock (item int, left_over int)')
  const inventory = await listen(createServer(createInventory(pool)))
  const base = `http://127.0.0.1:${inventory.port}`
  return {
    orders: createOrders(base, pool),
    close: async () => {
      await inventory.close()
      await pool.end()
      await postgres.stop()
    },
  }
}

function createInventory(pool: pg.Pool): express.Express {
  const app = express()
  app.use(tracing())
  app.get('/stock/:item', async (request, response) => {
    await pool.query('SELECT left_over FROM stock WHERE item = $1', [request.params.item])
    response.json({ left: 3 })
  })
  return app
}

function createOrders(inventory: string, pool: pg.Pool): express.Express {
  const ask = traceFetch(fetch)
  const app = express()
  app.use(tracing())
  app.get('/orders/:id', async (request, response) => {
    tenant.set('acme')
    await pool.query('SELECT $1::int AS id', [request.params.id])
    const answer = await ask(`${inventory}/stock/${request.params.id}`)
    response.json(await answer.json())
  })
  app.get('/lists/:length', async (request, response) => {
    for (let item = 0; item < Number(request.params.length); item++)
      await pool.query('SELECT left_over FROM stock WHERE item = $1', [item])
    response.json([])
  })
  app.get('/together', async (_request, response) => {
    await Promise.all(['/stock/1', '/stock/2'].map((path) => ask(inventory + path)))
    response.json([])
  })
  app.get('/broken', async () => {
    await pool.query('SELECT * FROM nowhere')
  })
  return app
}
