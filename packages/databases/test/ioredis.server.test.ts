import { randomUUID } from 'node:crypto'
import {
  type ConnectedDriver,
  createRecorder,
  type DatabaseUnderTest,
  databaseContract,
  type Recorder,
} from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import type { Redis as Client } from 'ioredis'
import * as ioredis6 from 'ioredis'
import * as ioredis5 from 'ioredis-5'
import { libraryLine } from '../../../test/library-line.ts'
import { traceIoredis } from '../src/ioredis.ts'
import { redisExpectations } from './redis-expectations.ts'

const url = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1')
const clusterUrl = new URL(process.env.REDIS_CLUSTER_URL ?? 'redis://127.0.0.1')
const server = { host: url.hostname, port: Number(url.port) }

/** The newest that we serve, and the oldest. */
const lines: Readonly<Record<string, Pick<typeof ioredis6, 'Redis' | 'Cluster'>>> = {
  [libraryLine('ioredis')]: ioredis6,
  [libraryLine('ioredis', 'ioredis-5')]: ioredis5 as unknown as typeof ioredis6,
}

describe.each(Object.entries(lines))('%s', (line, { Redis, Cluster }) => {
  async function connect(
    { trace: times, requireParent = false }: Parameters<DatabaseUnderTest['connect']>[0],
    options: object = {},
  ): Promise<ConnectedDriver> {
    const redis = new Redis({ ...server, ...options })
    for (let time = 0; time < times; time += 1) traceIoredis(redis, { requireParent })
    await redis.set('text', 'x')
    return {
      read: (key) => redis.hget('hash', key),
      readThen: (key, callback) => void redis.hget('hash', key, callback),
      fail: (value) => redis.hset('text', 'field', value),
      failWithin: (value) => redis.pipeline().get('text').hset('text', 'field', value).exec(),
      disturb: async (listener) => {
        const id = await redis.client('ID')
        const heard = new Promise((resolve) => redis.once('close', resolve))
        redis.once('close', listener)
        const other = new Redis(server)
        await other.client('KILL', 'ID', id)
        await other.quit()
        await heard
        await redis.ping()
      },
      close: async () => void (await redis.quit()),
    }
  }

  async function connectNowhere(options: object = {}): Promise<ConnectedDriver> {
    const given = { port: 1, retryStrategy: () => null, maxRetriesPerRequest: 0, ...options }
    const redis = traceIoredis(new Redis(given))
    redis.on('error', () => {})
    const read = (key: string) => redis.hget('hash', key)
    return { read, fail: read, close: async () => redis.disconnect() }
  }

  databaseContract({
    name: `Redis of ${line}`,
    database: {
      connect: (options) => connect(options),
      connectNowhere: () => connectNowhere(),
      ...redisExpectations(url),
    },
  })

  if (line === Object.keys(lines)[0]) {
    databaseContract({
      name: `Redis of ${line}, with the spans of the recorder`,
      setUp: () => createRecorder({ provider: 'recorder' }),
      database: {
        connect: (options) => connect(options),
        connectNowhere: () => connectNowhere(),
        ...redisExpectations(url),
      },
    })
  }

  databaseContract({
    name: `Redis of ${line} with automatic pipelines`,
    database: {
      connect: (options) => connect(options, { enableAutoPipelining: true }),
      connectNowhere: () => connectNowhere({ enableAutoPipelining: true }),
      ...redisExpectations(url),
    },
  })

  describe('traceIoredis()', () => {
    let recorder: Recorder
    let redis: Client
    beforeEach(() => {
      recorder = createRecorder()
      redis = traceIoredis(new Redis({ ...server, db: 3 }))
    })
    afterEach(async () => {
      await redis.quit()
      await recorder.settled()
      await recorder.shutdown()
    })
    const names = (): string[] => recorder.spans().map(({ name }) => name)

    it('returns the client', async () => {
      expect(traceIoredis(redis)).toBe(redis)
      await redis.ping()
    })

    it('traces a command that waits for the connection once, and not what the client says itself', async () => {
      await trace.getTracer('test').startActiveSpan('request', async (request) => {
        expect(redis.status).not.toBe('ready')
        await redis.get('k')
        request.end()
      })
      expect(names()).toEqual(['GET', 'request'])
      const [command, request] = recorder.spans()
      expect(command?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
      expect(command?.attributes['db.namespace']).toBe('3')
    })

    it('makes one span of a pipeline and one of a transaction', async () => {
      await redis.ping()
      recorder.reset()
      await redis.pipeline().set('a', 'secret').set('b', 'secret').exec()
      await redis.multi().set('a', 'secret').get('a').exec()
      await new Promise((resolve) => redis.pipeline().get('a').exec(resolve))
      const [pipeline, multi, single] = recorder.spans()
      expect(pipeline).toMatchObject({ name: 'PIPELINE SET' })
      expect(pipeline?.attributes).toMatchObject({
        'db.operation.batch.size': 2,
        'db.query.text': 'SET a ?; SET b ?',
      })
      expect(multi).toMatchObject({ name: 'MULTI' })
      expect(multi?.attributes).toMatchObject({
        'db.operation.batch.size': 2,
        'db.query.text': 'SET a ?; GET a',
      })
      expect(single?.name).toBe('PIPELINE GET')
      expect(recorder.spans()).toHaveLength(3)
    })

    it('marks a pipeline in which a command failed, and gives back its results as they are', async () => {
      await redis.set('text', 'x')
      recorder.reset()
      const results = await redis.pipeline().hget('text', 'f').get('text').exec()
      expect(results?.[1]).toEqual([null, 'x'])
      expect(recorder.spans()[0]?.attributes['error.type']).toBe('WRONGTYPE')
    })

    it('lets a transaction fail as it does', async () => {
      await expect(redis.multi().call('set', 'a').exec()).rejects.toThrow('EXECABORT')
      expect(recorder.spans()[0]?.attributes['error.type']).toBe('EXECABORT')
    })

    it('traces a script of the application', async () => {
      redis.defineCommand('echoed', { numberOfKeys: 1, lua: 'return ARGV[1]' })
      const { echoed } = redis as unknown as { echoed(key: string, arg: string): Promise<string> }
      expect(await echoed.call(redis, 'k', 'secret')).toBe('secret')
      for (const { attributes } of recorder.spans()) {
        expect(attributes['db.query.text']).toBe(`${attributes['db.operation.name']} ? 1 k ?`)
      }
    })

    it('gives each command of an automatic pipeline its own request', async () => {
      const auto = traceIoredis(new Redis({ ...server, enableAutoPipelining: true }))
      await auto.ping()
      recorder.reset()
      const tracer = trace.getTracer('test')
      await Promise.all(
        ['a', 'b', 'c'].map((key) =>
          tracer.startActiveSpan(key, async (span) => {
            await auto.get(key)
            span.end()
          }),
        ),
      )
      await auto.quit()
      const commands = recorder.spans().filter(({ name }) => name === 'GET')
      expect(commands).toHaveLength(3)
      for (const { attributes, parentSpanContext } of commands) {
        const key = String(attributes['db.query.text']).replace('GET ', '')
        const request = recorder.spans().find(({ name }) => name === key)
        expect(parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
      }
    })

    it('traces a cluster once a command', async () => {
      const cluster = traceIoredis(
        new Cluster([{ host: clusterUrl.hostname, port: Number(clusterUrl.port) }]),
      )
      await cluster.set('k', 'secret')
      await cluster.pipeline().get('k').exec()
      await cluster.quit()
      expect(names()).toEqual(['SET', 'PIPELINE GET'])
    })

    it('keeps what is published out of the request that had the connection opened', async () => {
      const subscriber = traceIoredis(new Redis({ ...server, lazyConnect: true }))
      // Its own, for others use the server as well.
      const channel = `news-${randomUUID()}`
      const heard = new Promise((resolve) => {
        subscriber.once('message', () => resolve(trace.getActiveSpan()))
      })
      await trace.getTracer('test').startActiveSpan('opener', async (request) => {
        await subscriber.subscribe(channel)
        await redis.publish(channel, 'x')
        request.end()
      })
      await expect(heard).resolves.toBeUndefined()
      await subscriber.quit()
    })

    it('keeps the end of a client that its cluster made out of the request that had it connect', async () => {
      const address = { host: clusterUrl.hostname, port: Number(clusterUrl.port) }
      const cluster = traceIoredis(new Cluster([address]))
      const node = new Redis({ ...address, lazyConnect: true })
      cluster.emit('+node', node)
      const ended = await trace.getTracer('test').startActiveSpan('opener', async (request) => {
        await node.ping()
        request.end()
        return new Promise((resolve) => {
          node.once('end', () => resolve({ within: trace.getActiveSpan() }))
          void node.quit()
        })
      })
      await cluster.quit()
      expect(ended).toEqual({ within: undefined })
    })

    it('says what it takes', () => {
      expect(() => traceIoredis({} as never)).toThrow(
        'traceIoredis() takes a Redis or a Cluster of ioredis; clients of node-redis go to traceRedis()',
      )
    })
  })
})
