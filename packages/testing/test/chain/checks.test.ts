import {
  assertChain,
  chain,
  chainMatchers,
  createRecorder,
  type Recorder,
} from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanKind, trace } from '@opentelemetry/api'
import request from 'supertest'
import '../../src/jest.ts'
import { type Shop, startShop } from './shop.ts'

let recorder: Recorder
let shop: Shop

beforeAll(async () => {
  recorder = createRecorder()
  shop = await startShop()
})

afterAll(async () => {
  await shop.close()
  await recorder.shutdown()
})

const get = (path: string) => chain(({ headers }) => request(shop.orders).get(path).set(headers))

function messageOf(check: () => void): string {
  try {
    check()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it passed')
}

describe('assertChain() and the matchers', () => {
  it('hold for what is so', async () => {
    const shown = await get('/orders/7')
    assertChain(shown, {
      statements: 2,
      calls: { max: 1 },
      callsOnly: ['localhost'],
      repeatedStatements: false,
      carries: { 'tenant.id': 'acme' },
      errors: false,
      tree: `
        GET /orders/:id  200
          SELECT
          GET localhost → GET /stock/:item  200
            SELECT stock
      `,
    })
    expect(shown).toRunStatements({ min: 2, max: 2 })
    expect(shown).toMakeCalls(1, 'localhost')
    expect(shown).toMakeCalls(0, 'inventory.example')
    expect(shown).toCallOnly(['localhost'])
    expect(shown).not.toRepeatStatements()
    expect(shown).toCarry({ 'tenant.id': 'acme', 'user.id': undefined })
    expect(shown).not.toHaveErrors()
  })

  it('marks the statements of an N+1, and lets those pass that are allowed', async () => {
    const shown = await get('/lists/4')
    expect(messageOf(() => expect(shown).not.toRepeatStatements())).toMatchInlineSnapshot(`
      "expected the chain to run no statement again and again below one parent:
      4 times: select left_over from stock where item = ?

      GET /lists/:length  200
        SELECT stock × 4   ◀ the same statement 4 times"
    `)
    expect(shown).toRepeatStatements()
    expect(shown).not.toRepeatStatements({ from: 5 })
    expect(shown).not.toRepeatStatements({ allow: ['FROM stock'] })
    expect(shown).not.toRepeatStatements({ allow: [/^select left_over/g] })
    expect(await get('/lists/2')).not.toRepeatStatements()
  })

  it('numbers the statements when there are too many', async () => {
    const shown = await get('/orders/7')
    expect(messageOf(() => expect(shown).toRunStatements(1))).toMatchInlineSnapshot(`
      "expected the chain to have 1 statement; it has 2

      GET /orders/:id  200
        SELECT   ◀ 1
        GET localhost → GET /stock/:item  200
          SELECT stock   ◀ 2"
    `)
    expect(messageOf(() => expect(shown).not.toRunStatements(2))).toMatchInlineSnapshot(`
      "expected the chain not to have 2 statements; it has 2

      GET /orders/:id  200
        SELECT   ◀ 1
        GET localhost → GET /stock/:item  200
          SELECT stock   ◀ 2"
    `)
  })

  it('marks the call to a host that is not listed', async () => {
    const shown = await get('/orders/7')
    const check = () => assertChain(shown, { callsOnly: ['inventory.example'] })
    expect(messageOf(check)).toMatchInlineSnapshot(`
      "expected the chain to call only inventory.example; it calls localhost

      GET /orders/:id  200
        SELECT
        GET localhost → GET /stock/:item  200   ◀ not in the list
          SELECT stock"
    `)
  })

  it('marks the span that lost the tenant', async () => {
    const shown = await get('/together')
    expect(messageOf(() => expect(shown).toCarry({ 'tenant.id': 'acme' }))).toMatchInlineSnapshot(`
      "expected the chain to have {"tenant.id":"acme"} on every SERVER and CONSUMER span

      GET /together  200   ◀ tenant.id: missing
        GET localhost → GET /stock/:item  200 × 2   ◀ tenant.id: missing
          SELECT stock"
    `)
  })

  it('counts no database and no broker as a service that is called', async () => {
    const systems = ['db.system.name', 'db.system', 'messaging.system']
    const shown = await chain(() => {
      for (const system of systems)
        trace
          .getTracer('t')
          .startSpan('connect', { kind: SpanKind.CLIENT, attributes: { [system]: 'x' } })
          .end()
    })
    expect(shown.spans).toHaveLength(3)
    expect(shown).toMakeCalls(0)
    expect(shown).toCallOnly([])
  })

  it('marks what failed', async () => {
    const shown = await get('/broken')
    expect(shown).toHaveErrors()
    expect(messageOf(() => expect(shown).not.toHaveErrors())).toMatchInlineSnapshot(`
      "expected the chain to have no failed span

      GET /broken  500  failed: 42P01   ◀ failed
        SELECT nowhere  failed: 42P01   ◀ failed"
    `)
  })

  it('shows where the tree differs', async () => {
    const shown = await get('/orders/7')
    const tree = `
      GET /orders/:id  200
        SELECT
        SELECT
        GET localhost → GET /stock/:item  200
    `
    expect(messageOf(() => expect(shown).toMatchChain(tree))).toMatchInlineSnapshot(`
      "expected the chain to match the tree (- wanted, + found):

        GET /orders/:id  200
          SELECT
      -   SELECT
          GET localhost → GET /stock/:item  200
      +     SELECT stock"
    `)
  })

  it('says how to hand the headers on when nothing was traced', async () => {
    const shown = await chain(() => request(shop.orders).get('/orders/7'))
    expect(messageOf(() => expect(shown).toRunStatements(2))).toContain(
      'chain(({ headers }) => request(app).get("/").set(headers))',
    )
  })

  it('name what they were given wrongly', async () => {
    const shown = await get('/orders/7')
    expect(() => assertChain(shown, { statement: 3 } as never)).toThrow(
      "did you mean 'statements'?",
    )
    expect(() => assertChain(shown, { statements: { most: 3 } as never })).toThrow(
      'allowed: a number, or an object with `min`, `max` or both',
    )
    expect(() => chainMatchers.toRunStatements(Promise.resolve(), 1)).toThrow(
      'expect() needs a chain of chain(), not a promise: await chain() first',
    )
  })
})
