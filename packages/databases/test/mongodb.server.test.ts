import { randomUUID } from 'node:crypto'
import {
  createRecorder,
  type DatabaseUnderTest,
  databaseContract,
  type Recorder,
} from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import type { MongoClient as Client } from 'mongodb'
import * as mongodb7 from 'mongodb'
import * as mongodb6 from 'mongodb-6'
import { libraryLine } from '../../../test/library-line.ts'
import { traceMongo } from '../src/mongodb.ts'

const url = process.env.MONGODB_URL ?? 'mongodb://127.0.0.1/'

/** The newest that we serve, and the oldest. */
const lines: Readonly<Record<string, Pick<typeof mongodb7, 'MongoClient'>>> = {
  [libraryLine('mongodb')]: mongodb7,
  [libraryLine('mongodb', 'mongodb-6')]: mongodb6 as unknown as typeof mongodb7,
}

describe.each(Object.entries(lines))('%s', (line, { MongoClient }) => {
  function underTest(): DatabaseUnderTest {
    const { hostname, port } = new URL(url)
    const shared = {
      'db.system.name': 'mongodb',
      'db.namespace': 'shop',
      'db.query.text': undefined,
      'db.query.summary': undefined,
      'server.address': hostname,
      'server.port': port === '27017' ? undefined : Number(port),
    }
    const describeAs = (operation: string) => ({
      name: `${operation} orders`,
      attributes: { ...shared, 'db.operation.name': operation, 'db.collection.name': 'orders' },
    })
    return {
      connect: async ({ trace: times, requireParent = false }) => {
        const client = new MongoClient(url, {
          monitorCommands: true,
          maxPoolSize: 1,
          heartbeatFrequencyMS: 500,
        })
        for (let time = 0; time < times; time += 1) traceMongo(client, { requireParent })
        await client.connect()
        const orders = client.db('shop').collection('orders')
        return {
          read: (key) => orders.findOne({ key }),
          fail: (value) => orders.aggregate([{ [`$${value}`]: {} }]).toArray(),
          failWithin: () => {
            const _id = randomUUID() as never
            return orders.insertMany([{ _id }, { _id }])
          },
          disturb: (listener) =>
            new Promise((resolve) => {
              client.once('serverHeartbeatSucceeded', () => resolve(listener()))
            }),
          close: () => client.close(),
        }
      },
      failWithin: '11000',
      connectNowhere: async () => {
        const client = traceMongo(
          new MongoClient('mongodb://127.0.0.1:1/', {
            monitorCommands: true,
            serverSelectionTimeoutMS: 100,
          }),
        )
        return {
          read: (key) => client.db('shop').collection('orders').findOne({ key }),
          close: () => client.close(),
        }
      },
      read: () => describeAs('find'),
      // FerretDB's code for a stage that it does not know.
      fail: () => {
        const { name, attributes } = describeAs('aggregate')
        return { name, attributes: { ...attributes, 'db.response.status_code': '40234' } }
      },
    }
  }

  const gaps = {
    'runs each callback in the context it was given in when they wait for one connection':
      'the driver has promises alone',
  }
  databaseContract({ name: `${line} on FerretDB`, database: underTest(), gaps })
  if (line === Object.keys(lines)[0]) {
    databaseContract({
      name: `${line} on FerretDB, with the spans of the recorder`,
      database: underTest(),
      gaps,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }

  describe('traceMongo()', () => {
    let recorder: Recorder
    let client: Client
    beforeEach(async () => {
      recorder = createRecorder()
      client = traceMongo(new MongoClient(url, { monitorCommands: true }))
      await client.connect()
    })
    afterEach(async () => {
      await client.close()
      await recorder.settled()
      await recorder.shutdown()
    })

    const names = (): string[] => recorder.spans().map(({ name }) => name)

    it('returns the client', () => {
      expect(traceMongo(client)).toBe(client)
    })

    it('makes no span of what the driver says for its own sake', async () => {
      await client.db('shop').command({ ping: 1 })
      await client.db('shop').command({ hello: 1 })
      expect(recorder.spans()).toEqual([])
    })

    it('says how many documents one command writes, and shows none of them', async () => {
      const carts = client.db('shop').collection('carts')
      await carts.insertMany([{ name: 'secret' }, { name: 'secret' }])
      await carts.insertOne({ name: 'secret' })
      const [many, one] = recorder.spans()
      expect(many?.name).toBe('insert carts')
      expect(many?.attributes['db.operation.batch.size']).toBe(2)
      expect(one?.attributes).not.toHaveProperty(['db.operation.batch.size'])
      expect(JSON.stringify(recorder.spans().map(({ attributes }) => attributes))).not.toContain(
        'secret',
      )
    })

    it('takes no value of a command for a collection', async () => {
      await client
        .db('shop')
        .command({ dropUser: 'jane' })
        .catch(() => {})
      expect(names()).toEqual(['dropUser shop'])
      expect(JSON.stringify(recorder.spans()[0]?.attributes)).not.toContain('jane')
    })

    it('marks a write that the server refused', async () => {
      const unique = client.db('shop').collection<{ _id: number }>('unique')
      await unique.deleteMany({})
      await unique.insertOne({ _id: 1 })
      await expect(unique.insertOne({ _id: 1 })).rejects.toThrow()
      expect(recorder.spans().at(-1)?.attributes).toMatchObject({
        'db.response.status_code': '11000',
        'error.type': '11000',
      })
    })

    it('puts each page of a cursor under the request that reads it', async () => {
      const pages = client.db('shop').collection('pages')
      await pages.deleteMany({})
      await pages.insertMany(Array.from({ length: 5 }, (_, n) => ({ n })))
      recorder.reset()
      await trace.getTracer('test').startActiveSpan('request', async (request) => {
        expect(await pages.find({}, { batchSize: 2 }).toArray()).toHaveLength(5)
        request.end()
      })
      const request = recorder.spans().at(-1)
      expect(names().slice(0, 2)).toEqual(['find pages', 'getMore pages'])
      for (const { parentSpanContext } of recorder.spans().slice(0, -1)) {
        expect(parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
      }
    })

    it('says how long a command waited for its connection, and marks one that got none', async () => {
      const options = { monitorCommands: true, maxPoolSize: 1, waitQueueTimeoutMS: 50 }
      const small = traceMongo(new MongoClient(url, options))
      const orders = small.db('shop').collection('orders')
      await orders.findOne({})
      recorder.reset()
      const session = small.startSession()
      const many = await Promise.allSettled(
        Array.from({ length: 300 }, () => orders.find({}, { session }).toArray()),
      )
      await session.endSession()
      await small.close()
      const failed = recorder.spans().filter(({ status }) => status.code === 2)
      expect(failed).toHaveLength(many.filter(({ status }) => status === 'rejected').length)
      for (const { attributes } of recorder.spans()) {
        expect(attributes['callchain.db.pool_wait']).toEqual(expect.any(Number))
      }
      expect(new Set(failed.map(({ attributes }) => attributes['error.type']))).toEqual(
        new Set(['MongoWaitQueueTimeoutError']),
      )
    })

    it('keeps its heartbeats out of the request that had it connect', async () => {
      const options = { monitorCommands: true, heartbeatFrequencyMS: 500 }
      const idle = traceMongo(new MongoClient(url, options))
      const beat = new Promise((resolve) => {
        idle.once('serverHeartbeatSucceeded', () => resolve(trace.getActiveSpan()))
      })
      await trace.getTracer('test').startActiveSpan('opener', async (request) => {
        await idle.db('shop').collection('orders').findOne({})
        request.end()
      })
      await expect(beat).resolves.toBeUndefined()
      await idle.close()
    })

    it('says what to pass when the client does not report its commands', () => {
      expect(() => traceMongo(new MongoClient(url))).toThrow('{ monitorCommands: true }')
      expect(() => traceMongo({} as never)).toThrow('takes a MongoClient')
      const options = { captureParameters: () => true } as never
      expect(() => traceMongo(client, options)).toThrow("no option 'captureParameters'")
    })
  })
})
