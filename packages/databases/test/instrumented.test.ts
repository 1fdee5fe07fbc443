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
import { Cluster, Redis } from 'ioredis'
import mysql from 'mysql2'
import pg from 'pg'
import { traceIoredis } from '../src/ioredis.ts'
import { traceMysql } from '../src/mysql2.ts'
import { tracePg } from '../src/pg.ts'
import { type Postgres, startPglite } from './postgres.ts'

jest.setTimeout(180_000)

type Method = (...args: unknown[]) => unknown

/** Stands for an instrumentation: it wraps as those of OpenTelemetry do, and makes a span of each call. */
function instrument(prototype: object, names: readonly string[]): () => void {
  const methods = prototype as Record<string, Method>
  const originals = names.map((name) => [name, methods[name] as Method] as const)
  for (const [name, original] of originals) {
    const wrapped: Method = function (this: unknown, ...args) {
      trace.getTracer('instrumentation').startSpan(name).end()
      return original.apply(this, args)
    }
    methods[name] = Object.assign(wrapped, { __wrapped: true, __original: original })
  }
  return () => Object.assign(methods, Object.fromEntries(originals))
}

describe('next to an instrumentation of the same driver', () => {
  let postgres: Postgres
  let recorder: Recorder
  const restored: (() => void)[] = []
  beforeAll(async () => {
    postgres = await startPglite()
  })
  afterAll(() => postgres.stop())
  beforeEach(() => {
    recorder = createRecorder()
    restored.push(
      instrument(pg.Client.prototype, ['query', 'connect']),
      // One may stand before another.
      instrument(pg.Client.prototype, ['query']),
      instrument(pg.Pool.prototype, ['connect']),
    )
  })
  afterEach(async () => {
    for (const restore of restored.splice(0).reverse()) restore()
    await recorder.settled()
    await recorder.shutdown()
  })
  const names = (): string[] => recorder.take().map(({ name }) => name)

  it('a statement of a traced pool has one span', async () => {
    const pool = tracePg(new pg.Pool({ connectionString: postgres.url, max: 1 }))
    await pool.query('SELECT 1')
    expect(names()).toEqual(['SELECT'])
    const client = await pool.connect()
    expect(client).toBeInstanceOf(pg.Client)
    await client.query('SELECT 1')
    client.release()
    expect(names()).toEqual(['pool.connect', 'SELECT'])
    await pool.end()
  })

  it('a statement of a traced client has one span', async () => {
    const client = tracePg(new pg.Client({ connectionString: postgres.url }))
    await client.connect()
    await client.query('SELECT 1')
    expect(names()).toEqual(['SELECT'])
    await client.end()
  })

  it('what is not handed over stays as it is', async () => {
    const other = new pg.Client({ connectionString: postgres.url })
    await other.connect()
    await other.query('SELECT 1')
    expect(names()).toEqual(['connect', 'query', 'query'])
    await other.end()
  })

  it('connections of ioredis and mysql2 have their own methods', async () => {
    restored.push(instrument(Redis.prototype, ['sendCommand', 'connect']))
    const redis = traceIoredis(new Redis({ lazyConnect: true, enableOfflineQueue: false, port: 1 }))
    await expect(redis.get('a')).rejects.toThrow()
    expect(names()).toEqual(['GET'])
    redis.disconnect()
    const connection = mysql.createConnection({ port: 1 })
    restored.push(instrument(Object.getPrototypeOf(connection), ['query', 'execute']))
    await new Promise((done) => connection.once('error', done))
    traceMysql(connection)
    await new Promise((done) => connection.query('SELECT 1', done))
    expect(names()).toEqual(['SELECT'])
    connection.destroy()
  })

  it('nodes of a cluster of ioredis have their own methods', async () => {
    restored.push(instrument(Redis.prototype, ['sendCommand', 'connect']))
    const options = { lazyConnect: true, enableOfflineQueue: false, port: 1, retryStrategy: null }
    const earlier = new Redis(options)
    const later = new Redis(options)
    const cluster = new Cluster([{ port: 1 }], { lazyConnect: true })
    jest.spyOn(cluster, 'nodes').mockReturnValue([earlier])
    traceIoredis(cluster).emit('+node', later)

    for (const node of [earlier, later]) {
      await expect(node.get('a')).rejects.toThrow()
      node.disconnect()
    }
    expect(names()).toEqual([])
    cluster.disconnect()
  })
})
