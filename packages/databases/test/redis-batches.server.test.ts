import { randomUUID } from 'node:crypto'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import * as ioredis6 from 'ioredis'
import * as ioredis5 from 'ioredis-5'
import * as redis6 from 'redis'
import * as redis5 from 'redis-5'
import { libraryLine } from '../../../test/library-line.ts'
import { traceIoredis } from '../src/ioredis.ts'
import { traceRedis } from '../src/redis.ts'

const url = process.env.REDIS_URL ?? 'redis://127.0.0.1'

let recorder: Recorder
beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  await recorder.settled()
  await recorder.shutdown()
})
const failures = (): unknown[][] =>
  recorder.spans().map(({ name, attributes }) => [name, attributes['error.type']])
/** A script that the server does not have yet. */
const newScript = (): string => `return '${randomUUID()}'`

const redisLines: Readonly<Record<string, typeof redis6>> = {
  [libraryLine('redis')]: redis6,
  [libraryLine('redis', 'redis-5')]: redis5 as unknown as typeof redis6,
}

describe.each(Object.entries(redisLines))('%s', (_line, { createClient, defineScript }) => {
  const open = async (options: redis6.RedisClientOptions = {}) => {
    const client = traceRedis(createClient({ url, ...options }))
    await client.connect()
    await client.set('text', 'x')
    recorder.reset()
    return client
  }

  it('marks a transaction that was called off, and a pipeline in which a command failed', async () => {
    const client = await open()
    await client.watch('watched')
    await client.set('watched', randomUUID())
    await expect(client.multi().get('watched').exec()).rejects.toThrow()
    const pipeline = client.multi().get('text').hGet('text', 'f')
    await expect(pipeline.execAsPipeline()).rejects.toThrow()
    await client.sendCommand(['MULTI'])
    await client.sendCommand(['HGET', 'text', 'f'])
    await client.sendCommand(['EXEC'])
    await client.close()
    expect(failures()).toEqual([
      ['WATCH', undefined],
      ['SET', undefined],
      ['MULTI GET', expect.any(String)],
      ['PIPELINE', 'WRONGTYPE'],
      ['MULTI', undefined],
      ['HGET', undefined],
      ['EXEC', 'WRONGTYPE'],
    ])
  })

  it('takes a script that the client sends again for no error, and one of the application for one', async () => {
    const scripts = {
      echo: defineScript({
        SCRIPT: newScript(),
        NUMBER_OF_KEYS: 0,
        parseCommand: () => {},
        transformReply: (reply: string) => reply,
      }),
    }
    const client = traceRedis(createClient({ url, scripts }))
    await client.connect()
    await (client as unknown as { echo(): Promise<string> }).echo()
    await expect(client.sendCommand(['EVALSHA', '0'.repeat(40), '0'])).rejects.toThrow('NOSCRIPT')
    await client.close()
    expect(failures()).toEqual([
      ['EVALSHA', undefined],
      ['EVAL', undefined],
      ['EVALSHA', 'NOSCRIPT'],
    ])
  })

  it('says which database is selected', async () => {
    const client = await open({ database: 1 })
    await client.get('a')
    await client.select(3)
    await client.get('a')
    await client.multi().select(4).get('a').exec()
    await client.get('a')
    await client.reset()
    await client.get('a')
    await client.close()
    const read = recorder.spans().filter(({ name }) => name === 'GET')
    expect(read.map(({ attributes }) => attributes['db.namespace'])).toEqual(['1', '3', '4', '1'])
  })

  it('has a failed span for what never gets a client of its pool', async () => {
    const socket = { host: new URL(url).hostname, port: Number(new URL(url).port) }
    const pool = traceRedis(
      createClient({ socket }).createPool({ minimum: 1, maximum: 1, acquireTimeout: 20 }),
    )
    await pool.connect()
    let release = (): void => {}
    const held = pool.execute(
      () =>
        new Promise<void>((resolve) => {
          release = resolve
        }),
    )
    await expect(pool.get('a')).rejects.toThrow('Timeout')
    release()
    await held
    await pool.close()
    const [span, ...others] = recorder.spans()
    expect(others).toEqual([])
    expect(span?.status.code).toBe(2)
    expect(span?.attributes['callchain.db.pool_wait']).toBeGreaterThan(15)
  })
})

const ioredisLines: Readonly<Record<string, typeof ioredis6>> = {
  [libraryLine('ioredis')]: ioredis6,
  [libraryLine('ioredis', 'ioredis-5')]: ioredis5 as unknown as typeof ioredis6,
}

describe.each(Object.entries(ioredisLines))('%s', (_line, { Redis }) => {
  const open = async () => {
    const client = traceIoredis(new Redis(url))
    await client.set('text', 'x')
    recorder.reset()
    return client
  }

  it('marks a transaction that was called off or in which a command failed, in every form', async () => {
    const client = await open()
    await client.watch('watched')
    await client.set('watched', randomUUID())
    expect(await client.multi().get('watched').exec()).toBeNull()
    await client.multi().get('text').hget('text', 'f').exec()
    const pipeline = client.pipeline([['multi'], ['hget', 'text', 'f'], ['exec']])
    await pipeline.exec()
    await client.multi({ pipeline: false })
    await client.hget('text', 'f')
    await client.exec()
    await client.quit()
    expect(failures().filter(([name]) => name !== 'QUIT')).toEqual([
      ['WATCH', undefined],
      ['SET', undefined],
      ['MULTI GET', 'WatchError'],
      ['MULTI', 'WRONGTYPE'],
      ['MULTI HGET', 'WRONGTYPE'],
      ['MULTI', undefined],
      ['HGET', undefined],
      ['EXEC', 'WRONGTYPE'],
    ])
  })

  it('takes a script that the client sends again for no error, and one of the application for one', async () => {
    const client = await open()
    client.defineCommand('echoed', { numberOfKeys: 0, lua: newScript() })
    const { echoed } = client as unknown as { echoed(): Promise<unknown> }
    await echoed.call(client)
    // The server forgets it, and the client does not know.
    await client.script('FLUSH')
    await echoed.call(client)
    await expect(client.evalsha('0'.repeat(40), 0)).rejects.toThrow('NOSCRIPT')
    await client.quit()
    expect(failures().filter(([name]) => /^EVAL/.test(String(name)))).toEqual([
      ['EVALSHA', undefined],
      ['EVALSHA', undefined],
      ['EVALSHA', undefined],
      ['EVALSHA', 'NOSCRIPT'],
    ])
  })
})
