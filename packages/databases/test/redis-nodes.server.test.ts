import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { Redis } from 'ioredis'
import * as redis6 from 'redis'
import * as redis5 from 'redis-5'
import { libraryLine } from '../../../test/library-line.ts'
import { traceIoredis } from '../src/ioredis.ts'
import { traceRedis } from '../src/redis.ts'

const cluster = new URL(process.env.REDIS_CLUSTER_URL ?? 'redis://127.0.0.1')
const sentinel = new URL(process.env.REDIS_SENTINEL_URL ?? 'redis://127.0.0.1')
const sentinelNode = { host: sentinel.hostname, port: Number(sentinel.port) }

/** The newest that we serve, and the oldest. */
const lines: Readonly<Record<string, typeof redis6>> = {
  [libraryLine('redis')]: redis6,
  [libraryLine('redis', 'redis-5')]: redis5 as unknown as typeof redis6,
}

let recorder: Recorder
beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  await recorder.settled()
  await recorder.shutdown()
})
const names = (): string[] => recorder.spans().map(({ name }) => name)

function inRequest<T>(run: () => Promise<T>): Promise<T> {
  return trace.getTracer('test').startActiveSpan('request', async (span) => {
    try {
      return await run()
    } finally {
      span.end()
    }
  })
}

function expectUnderRequest(): void {
  const request = recorder.spans().find(({ name }) => name === 'request')
  for (const span of recorder.spans()) {
    if (span === request) continue
    expect(span.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
  }
}

describe.each(Object.entries(lines))('%s', (_line, { createCluster, createSentinel }) => {
  describe('a cluster', () => {
    const open = async () => {
      const made = traceRedis(createCluster({ rootNodes: [{ url: cluster.href }] }))
      await made.connect()
      recorder.reset()
      return made
    }

    it('has one span a command, a transaction and a pipeline, under the request, with the node', async () => {
      const made = await open()
      await inRequest(async () => {
        await made.set('k', 'secret')
        await made.withTypeMapping({}).get('k')
        await made.sendCommand('k', true, ['GET', 'k'])
        await made.multi().set('k', 'secret').get('k').exec()
        await made.multi().set('k', 'secret').execAsPipeline()
      })
      await made.close()
      expect(names()).toEqual(['SET', 'GET', 'GET', 'MULTI', 'PIPELINE SET', 'request'])
      expectUnderRequest()
      expect(recorder.spans()[0]?.attributes).toMatchObject({
        'db.query.text': 'SET k ?',
        'server.address': cluster.hostname,
        'server.port': Number(cluster.port),
      })
    })

    it('traces the client of a node that is asked for', async () => {
      const made = await open()
      const [master] = made.masters
      if (master === undefined) throw new Error('no master')
      const client = await made.nodeClient(master)
      await client.ping()
      await made.close()
      expect(names()).toEqual(['PING'])
    })

    it('marks what was refused, and what failed within a transaction', async () => {
      const made = await open()
      await made.set('text', 'x')
      recorder.reset()
      await expect(made.hGet('text', 'f')).rejects.toThrow('WRONGTYPE')
      await expect(made.multi().get('text').hGet('text', 'f').exec()).rejects.toThrow()
      await made.close()
      const codes = recorder.spans().map(({ attributes }) => attributes['error.type'])
      expect(codes).toEqual(['WRONGTYPE', 'WRONGTYPE'])
    })

    it('has one failed span for a command that finds no node', async () => {
      const made = traceRedis(createCluster({ rootNodes: [{ socket: { port: 1 } }] }))
      made.on('error', () => {})
      await made.connect().catch(() => {})
      await expect(made.get('k')).rejects.toThrow()
      expect(recorder.spans()).toHaveLength(1)
      expect(recorder.spans()[0]?.status.code).toBe(2)
    })
  })

  describe('a Sentinel', () => {
    const open = async () => {
      const made = traceRedis(createSentinel({ name: 'shop', sentinelRootNodes: [sentinelNode] }))
      await made.connect()
      recorder.reset()
      return made
    }

    it('has one span a command, a transaction and a pipeline, under the request, with the master', async () => {
      const made = await open()
      const master = made.getMasterNode()
      await inRequest(async () => {
        await made.set('k', 'secret')
        await made.withTypeMapping({}).get('k')
        await made.sendCommand(false, ['GET', 'k'])
        await made.multi().set('k', 'secret').get('k').exec()
        await made.multi().set('k', 'secret').execAsPipeline()
      })
      await made.close()
      expect(names()).toEqual(['SET', 'GET', 'GET', 'MULTI', 'PIPELINE SET', 'request'])
      expectUnderRequest()
      expect(recorder.spans()[0]?.attributes).toMatchObject({
        'db.query.text': 'SET k ?',
        'server.address': master?.host,
        'server.port': master?.port,
      })
    })

    it('traces the clients that it lends, each command once', async () => {
      const made = await open()
      await inRequest(() => made.use((client) => client.get('a')))
      await made.close()
      expect(names()).toEqual(['GET', 'request'])
      expectUnderRequest()
    })

    it('traces the clients that are acquired, each command once', async () => {
      const made = await open()
      await inRequest(async () => {
        const client = await made.acquire()
        await client.watch('b')
        await client.multi().get('b').exec()
        await client.release()
      })
      await made.close()
      expect(names()).toEqual(['WATCH', 'MULTI GET', 'request'])
      expectUnderRequest()
    })

    it('marks what was refused, and what failed within a transaction', async () => {
      const made = await open()
      await made.set('text', 'x')
      recorder.reset()
      await expect(made.hGet('text', 'f')).rejects.toThrow('WRONGTYPE')
      await expect(made.multi().get('text').hGet('text', 'f').exec()).rejects.toThrow()
      await made.close()
      const codes = recorder.spans().map(({ attributes }) => attributes['error.type'])
      expect(codes).toEqual(['WRONGTYPE', 'WRONGTYPE'])
    })
  })
})

describe('ioredis over a Sentinel', () => {
  it('says where the master is, once it knows', async () => {
    const client = traceIoredis(new Redis({ sentinels: [sentinelNode], name: 'shop' }))
    await client.get('a')
    await client.get('a')
    const [before, after] = recorder.spans()
    expect(before?.attributes).not.toHaveProperty(['server.address'])
    expect(after?.attributes).toMatchObject({
      'server.address': client.stream.remoteAddress,
      'server.port': client.stream.remotePort,
    })
    await client.quit()
  })
})
