import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import mysql from 'mysql2'
import promises from 'mysql2/promise'
import { traceMysql } from '../src/mysql2.ts'

const uri = process.env.MYSQL_URL ?? ''
const { hostname, port } = new URL(uri === '' ? 'mysql://127.0.0.1' : uri)

let recorder: Recorder
beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  await recorder.settled()
  await recorder.shutdown()
})
const names = (): string[] => recorder.spans().map(({ name }) => name)

describe('traceMysql() of a pool cluster', () => {
  it('has one span a statement, with the server it went to and how long it waited', async () => {
    const cluster = traceMysql(promises.createPoolCluster())
    cluster.add('A', { uri, connectionLimit: 1 })
    await trace.getTracer('test').startActiveSpan('request', async (request) => {
      await cluster.of('A').query('SELECT 1')
      await cluster.of('*').execute('SELECT 2')
      const connection = await cluster.getConnection('A')
      await connection.query('SELECT 3')
      connection.release()
      request.end()
    })
    await cluster.end()
    expect(names()).toEqual(['SELECT', 'SELECT', 'pool.getConnection', 'SELECT', 'request'])
    const request = recorder.spans().at(-1)
    for (const { parentSpanContext } of recorder.spans().slice(0, -1)) {
      expect(parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    }
    expect(recorder.spans()[0]?.attributes).toMatchObject({
      'server.address': hostname,
      'server.port': Number(port),
      'callchain.db.pool_wait': expect.any(Number),
    })
  })

  it('traces a namespace that was taken before', async () => {
    const cluster = mysql.createPoolCluster()
    cluster.add('A', { uri })
    const namespace = cluster.of('A')
    traceMysql(cluster)
    await new Promise<void>((resolve) => namespace.query('SELECT 1', () => resolve()))
    await new Promise<void>((resolve) => cluster.end(() => resolve()))
    expect(names()).toEqual(['SELECT'])
  })

  it('serves callbacks in their context, and marks what finds no pool', async () => {
    const cluster = traceMysql(mysql.createPoolCluster())
    cluster.add('A', { uri })
    const seen = await trace.getTracer('test').startActiveSpan('request', async (request) => {
      const within = await new Promise((resolve) => {
        cluster.of('A').query('SELECT 1', () => resolve(trace.getActiveSpan()))
      })
      request.end()
      return within === request
    })
    expect(seen).toBe(true)
    await new Promise<void>((resolve) => cluster.of('nobody').query('SELECT 1', () => resolve()))
    await new Promise<void>((resolve) => cluster.end(() => resolve()))
    expect(recorder.spans().at(-1)?.attributes['error.type']).toBe('POOL_NOEXIST')
  })
})

/** What mysql2 has, and its types have not. */
const { createQuery } = mysql as unknown as {
  createQuery(text: string, callback: () => void, none: undefined, config: object): unknown
}

describe('traceMysql() and a Query of mysql2', () => {
  it('hands over the very object, ends its span and runs its callback in the request', async () => {
    const connection = traceMysql(mysql.createConnection(uri), { sqlcommenter: true })
    await trace.getTracer('test').startActiveSpan('request', async (request) => {
      for (const text of ['SELECT 1', 'SELECT nothing_like_it']) {
        const within = await new Promise((resolve) => {
          const query = createQuery(text, () => resolve(trace.getActiveSpan()), undefined, {})
          expect(connection.query(query as never)).toBe(query)
        })
        expect(within).toBe(request)
      }
      request.end()
    })
    await connection.promise().end()
    const failed = recorder.spans().map(({ attributes }) => attributes['error.type'])
    expect(failed).toEqual([undefined, '1054', undefined])
  })

  it('names no server for a connection that the application opened', async () => {
    const { connect } = await import('node:net')
    const connection = traceMysql(
      mysql.createConnection({ uri, stream: () => connect(Number(port), hostname) }),
    )
    await connection.promise().query('SELECT 1')
    await connection.promise().end()
    expect(recorder.spans()[0]?.attributes).not.toHaveProperty(['server.address'])
  })
})
