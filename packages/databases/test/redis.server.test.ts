import { randomUUID } from 'node:crypto'
import {
  type ConnectedDriver,
  createRecorder,
  type DatabaseUnderTest,
  databaseContract,
  type Recorder,
} from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, trace } from '@opentelemetry/api'
import * as redis6 from 'redis'
import * as redis5 from 'redis-5'
import { libraryLine } from '../../../test/library-line.ts'
import { traceRedis } from '../src/redis.ts'
import { redisExpectations } from './redis-expectations.ts'

const url = process.env.REDIS_URL ?? ''
const { hostname: host, port } = new URL(url === '' ? 'redis://127.0.0.1' : url)
const socket = { host, port: Number(port) }

/** The newest that we serve, and the oldest. */
const lines: Readonly<Record<string, Pick<typeof redis6, 'createClient'>>> = {
  [libraryLine('redis')]: redis6,
  [libraryLine('redis', 'redis-5')]: redis5 as unknown as typeof redis6,
}

describe.each(Object.entries(lines))('%s', (line, { createClient }) => {
  const isOld = line.includes(' 5.')
  type Client = ReturnType<typeof makeClient> | ReturnType<typeof makePool>

  const makeClient = () => createClient({ url })
  // On a busy machine it may take longer to get a client of the pool than the three seconds of redis.
  const poolOptions = { minimum: 1, maximum: 1, acquireTimeout: 60_000 }
  const makePool = () => createClient({ socket }).createPool(poolOptions)

  async function connect(
    client: Client,
    { trace: times, requireParent = false }: Parameters<DatabaseUnderTest['connect']>[0],
  ): Promise<ConnectedDriver> {
    for (let time = 0; time < times; time += 1) traceRedis(client, { requireParent })
    await client.connect()
    await client.set('text', 'x')
    return {
      read: (key) => client.hGet('hash', key),
      fail: (value) => client.hSet('text', 'field', value),
      failWithin: (value) => client.multi().get('text').hSet('text', 'field', value).exec(),
      disturb: async (listener) => {
        const id = String(await client.sendCommand(['CLIENT', 'ID']))
        const heard = new Promise((resolve) => client.once('error', resolve))
        client.once('error', listener)
        const other = makeClient()
        await other.connect()
        await other.sendCommand(['CLIENT', 'KILL', 'ID', id])
        await other.close()
        await heard
        // It connects again before it can be closed.
        await client.ping()
      },
      close: async () => client.close(),
    }
  }

  async function connectNowhere(client: Client): Promise<ConnectedDriver> {
    traceRedis(client)
    client.on('error', () => {})
    await client.connect().catch(() => {})
    const read = (key: string) => client.hGet('hash', key)
    return { read, fail: read, close: async () => {} }
  }
  const nowhere = { port: 1, reconnectStrategy: false as const }
  const gaps = {
    'runs each callback in the context it was given in when they wait for one connection':
      'the driver has promises alone',
  }

  databaseContract({
    name: `client of ${line}`,
    gaps,
    database: {
      connect: (options) => connect(makeClient(), options),
      connectNowhere: () => connectNowhere(createClient({ socket: nowhere })),
      ...redisExpectations(new URL(url === '' ? 'redis://127.0.0.1' : url)),
    },
  })

  if (!isOld) {
    databaseContract({
      name: `client of ${line}, with the spans of the recorder`,
      setUp: () => createRecorder({ provider: 'recorder' }),
      gaps,
      database: {
        connect: (options) => connect(makeClient(), options),
        connectNowhere: () => connectNowhere(createClient({ socket: nowhere })),
        ...redisExpectations(new URL(url === '' ? 'redis://127.0.0.1' : url)),
      },
    })
  }

  databaseContract({
    name: `pool of ${line}`,
    gaps: isOld
      ? {
          ...gaps,
          'makes a failed CLIENT span of what never reaches a server, and measures it':
            'it lets the failure of a pooled connection end the process',
        }
      : gaps,
    database: {
      connect: (options) => connect(makePool(), options),
      ...(!isOld && {
        connectNowhere: () => connectNowhere(createClient({ socket: nowhere }).createPool()),
      }),
      ...redisExpectations(new URL(url === '' ? 'redis://127.0.0.1' : url)),
    },
  })

  describe('traceRedis()', () => {
    let recorder: Recorder
    let client: ReturnType<typeof makeClient>
    beforeEach(async () => {
      recorder = createRecorder()
      client = traceRedis(makeClient())
      await client.connect()
      recorder.reset()
    })
    afterEach(async () => {
      await client.close()
      await recorder.settled()
      await recorder.shutdown()
    })

    it('runs what a client that was open already says in no request', async () => {
      const open = makeClient()
      const opener = trace.getTracer('test').startSpan('opener')
      await context.with(trace.setSpan(context.active(), opener), () => open.connect())
      opener.end()
      traceRedis(open)
      const said = new Promise((resolve) => {
        open.on('error', () => resolve(trace.getSpan(context.active())))
      })
      // A client that is destroyed while it connects again leaves its socket open.
      const again = new Promise<void>((resolve) => {
        open.once('ready', resolve)
      })
      await client.sendCommand(['CLIENT', 'KILL', 'ID', String(await open.clientId())])
      const span = await said
      await again
      await open.close()
      expect(span).toBeUndefined()
    })

    it('returns the client', () => {
      expect(traceRedis(client)).toBe(client)
    })

    it('makes one span of a MULTI and one of a pipeline', async () => {
      await client.multi().set('a', 'secret').get('a').exec()
      await client.multi().set('a', 'secret').set('b', 'secret').execAsPipeline()
      const [multi, pipeline] = recorder.spans()
      expect(multi?.name).toBe('MULTI')
      expect(multi?.attributes['db.query.text']).toBe('SET a ?; GET a')
      expect(pipeline?.name).toBe('PIPELINE SET')
      expect(pipeline?.attributes['db.operation.batch.size']).toBe(2)
      expect(recorder.spans()).toHaveLength(2)
    })

    it('traces what a view of the client sends, and raw commands', async () => {
      await client.withTypeMapping({}).get('a')
      await client.sendCommand(['CONFIG', 'GET', 'maxmemory'])
      expect(recorder.spans().map(({ name }) => name)).toEqual(['GET', 'CONFIG GET'])
    })

    it('says how long a command waited for a client of its pool', async () => {
      const pool = traceRedis(makePool())
      await pool.connect()
      const busy = pool.execute(async (held) => {
        await held.get('a')
        await held.sendCommand(['BLPOP', 'nothing', '0.05'])
      })
      await pool.get('b')
      await busy
      await pool.close()
      const waits = recorder
        .spans()
        .map(({ name, attributes }) => [name, attributes['callchain.db.pool_wait']])
      expect(waits).toMatchObject([
        ['GET', expect.any(Number)],
        ['BLPOP', undefined],
        ['GET', expect.any(Number)],
      ])
      expect(waits[2]?.[1]).toBeGreaterThan(40)
    })

    it('keeps what is published out of the request that had the connection opened', async () => {
      const subscriber = traceRedis(makeClient())
      // Its own, for others use the server as well.
      const channel = `news-${randomUUID()}`
      const heard = new Promise((resolve) => {
        void trace.getTracer('test').startActiveSpan('opener', async (request) => {
          await subscriber.connect()
          await subscriber.subscribe(channel, () => resolve(trace.getActiveSpan()))
          await client.publish(channel, 'x')
          request.end()
        })
      })
      await expect(heard).resolves.toBeUndefined()
      await subscriber.close()
    })

    it('keeps the error of an idle client out of the request that had its pool open it', async () => {
      const pool = traceRedis(makePool())
      const failed = new Promise((resolve) => {
        pool.once('error', () => resolve(trace.getActiveSpan()))
      })
      await trace.getTracer('test').startActiveSpan('opener', async (request) => {
        await pool.connect()
        const id = await pool.sendCommand(['CLIENT', 'ID'])
        await client.sendCommand(['CLIENT', 'KILL', 'ID', String(id)])
        request.end()
      })
      await expect(failed).resolves.toBeUndefined()
      // It connects again before it can be closed.
      await pool.ping()
      await pool.close()
    })

    it('says what it takes', () => {
      expect(() => traceRedis({} as never)).toThrow(
        'traceRedis() takes a client, a pool, a cluster or a Sentinel of node-redis; clients of ioredis go to traceIoredis()',
      )
    })
  })
})
