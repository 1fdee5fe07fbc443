import { addAbortSignal, PassThrough, Readable, Writable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { traceQuery } from '../src/index.ts'

const QUERY = { system: 'duckdb', text: 'SELECT id FROM t' }

describe('traceQuery() with what is read later', () => {
  let recorder: Recorder
  beforeEach(() => {
    recorder = createRecorder()
  })
  afterEach(async () => {
    await recorder.settled()
    await recorder.shutdown()
  })
  const ended = async () => {
    await recorder.settled()
    const [span, ...others] = recorder.take()
    expect(others).toEqual([])
    if (span === undefined) throw new Error('no span')
    return span
  }
  const broken = () => Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' })

  async function* rows(failure?: Error) {
    yield 1
    yield 2
    if (failure !== undefined) throw failure
  }
  function* now(failure?: Error) {
    yield 1
    yield 2
    if (failure !== undefined) throw failure
  }
  /** A cursor as drivers have it: more than an iterator, and no iterator itself. */
  class Cursor {
    readonly source: AsyncGenerator<number>
    constructor(failure?: Error) {
      this.source = rows(failure)
    }
    async next(): Promise<number | null> {
      const { value } = await this.source.next()
      return value ?? null
    }
    async toArray(): Promise<number[]> {
      const all: number[] = []
      for await (const row of this.source) all.push(row)
      return all
    }
    async close(): Promise<void> {}
    async *[Symbol.asyncIterator]() {
      for (let row = await this.next(); row !== null; row = await this.next()) yield row
    }
  }
  const web = (failure?: Error) => {
    const source = rows(failure)
    return new ReadableStream<number>({
      async pull(controller) {
        const { value, done } = await source.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
    })
  }
  const iterable = (failure?: Error): AsyncIterable<number> => ({
    [Symbol.asyncIterator]: () => rows(failure),
  })
  const forms: Record<string, (failure?: Error) => AsyncIterable<number> | Iterable<number>> = {
    'an async generator': rows,
    'an async iterable': iterable,
    'what makes bare iterators': (failure) => ({
      [Symbol.asyncIterator]: () => {
        const source = rows(failure)
        return { next: () => source.next(), return: () => source.return(undefined) }
      },
    }),
    'a stream': (failure) => Readable.from(rows(failure)),
    'a web stream': web,
    'a cursor': (failure) => new Cursor(failure),
    'an iterator': now,
  }

  for (const [what, make] of Object.entries(forms)) {
    for (const promised of [false, true]) {
      const name = promised ? `the promise of ${what}` : what
      const send = async (failure?: Error) =>
        await (promised
          ? traceQuery(QUERY, async () => make(failure))
          : traceQuery(QUERY, () => make(failure)))

      it(`ends with the last row of ${name}`, async () => {
        const result = await send()
        let last = 0
        for await (const row of result) {
          expect(recorder.open()).toHaveLength(1)
          last = row
        }
        expect(last).toBe(2)
        expect((await ended()).status.code).toBe(SpanStatusCode.UNSET)
      })

      it(`ends when the reading of ${name} is broken off`, async () => {
        for await (const _row of await send()) break
        expect((await ended()).status.code).toBe(SpanStatusCode.UNSET)
      })

      it(`has the error at which the reading of ${name} fails`, async () => {
        const failure = broken()
        const read = async () => {
          for await (const _row of await send(failure));
        }
        await expect(read()).rejects.toBe(failure)
        const span = await ended()
        expect(span.status.code).toBe(SpanStatusCode.ERROR)
        expect(span.attributes['error.type']).toBe('ECONNRESET')
      })

      it(`ends soon where nobody reads ${name}, as of when it came`, async () => {
        const result = await send()
        const [seconds, nanoseconds] = (await ended()).duration
        expect(seconds).toBe(0)
        expect(nanoseconds).toBeLessThan(400e6)
        // It can be read all the same.
        for await (const row of result) expect(row).toBeGreaterThan(0)
      })
    }
  }

  it('gives back the very stream, cursor or iterator', () => {
    for (const result of [rows(), now(), new Cursor(), Readable.from([]), web(), iterable()]) {
      expect(traceQuery(QUERY, () => result)).toBe(result)
    }
  })

  it('ends at once for what is all there', () => {
    const results = [
      [1],
      new Map([[1, 2]]),
      new Set([1]),
      'text',
      null,
      { next: 'page' },
      Buffer.of(1),
    ]
    for (const result of results) {
      expect(traceQuery(QUERY, () => result)).toBe(result)
      expect(recorder.take()).toHaveLength(1)
    }
  })

  it('ends at once for what cannot be followed', () => {
    const frozen = Object.freeze(iterable())
    expect(traceQuery(QUERY, () => frozen)).toBe(frozen)
    const unwilling = new Proxy(
      {},
      {
        get: () => {
          throw new Error('ask me nothing')
        },
      },
    )
    expect(traceQuery(QUERY, () => unwilling)).toBe(unwilling)
    expect(recorder.take()).toHaveLength(2)
  })

  it.each([
    ['return()', (it: AsyncGenerator<number>) => it.return(undefined)],
    ['throw()', (it: AsyncGenerator<number>) => it.throw(new Error('enough')).catch(() => {})],
  ])('ends with %s of an iterator', async (_, stop) => {
    const result = traceQuery(QUERY, () => rows())
    await result.next()
    expect(recorder.open()).toHaveLength(1)
    await stop(result)
    await ended()
  })

  it('ends with the methods of a cursor', async () => {
    const all = traceQuery(QUERY, () => new Cursor())
    expect(await all.toArray()).toEqual([1, 2])
    await ended()
    const one = traceQuery(QUERY, () => new Cursor())
    for (const row of [1, 2, null]) {
      expect(recorder.open()).toHaveLength(1)
      expect(await one.next()).toBe(row)
    }
    await ended()
    const closed = traceQuery(QUERY, () => new Cursor())
    await closed.next()
    await closed.close()
    await ended()
  })

  it('ends with destroy() of a stream, and with its error', async () => {
    for (const failure of [undefined, broken()]) {
      const stream = traceQuery(QUERY, () => Readable.from(rows()))
      stream.on('error', () => {}).destroy(failure)
      const span = await ended()
      expect(span.attributes['error.type']).toBe(failure?.code)
    }
  })

  it('takes a stream that the application calls off for what it is, and one that times out for failed', async () => {
    const controller = new AbortController()
    for (const signal of [controller.signal, AbortSignal.timeout(1)]) {
      const stream = traceQuery(QUERY, () => addAbortSignal(signal, new PassThrough()))
      stream.on('error', () => {})
      controller.abort()
      const { status } = await ended()
      expect(status.code).toBe(
        signal === controller.signal ? SpanStatusCode.UNSET : SpanStatusCode.ERROR,
      )
    }
  })

  it('ends with a stream that flows or is piped, however long that takes', async () => {
    const flowing = traceQuery(QUERY, () => Readable.from(rows()))
    flowing.resume()
    await ended()
    const piped = traceQuery(QUERY, () => Readable.from(rows()))
    piped.pipe(new PassThrough({ objectMode: true })).resume()
    await ended()
  })

  it('ends with a stream that is written to, and at once with one that is closed already', async () => {
    const written = traceQuery(QUERY, () => new Writable({ write: (_chunk, _, done) => done() }))
    written.write('1\tjane\n')
    expect(recorder.open()).toHaveLength(1)
    written.end()
    await ended()
    traceQuery(QUERY, () => Readable.from([]).destroy())
    expect(recorder.take()).toHaveLength(1)
  })

  it('leaves the error of a stream that nobody listens for as it is', () => {
    const stream = traceQuery(QUERY, () => new PassThrough())
    expect(() => stream.emit('error', broken())).toThrow('the connection broke')
    expect(recorder.take()).toHaveLength(1)
  })

  it('does not make a stream flow', async () => {
    const stream = traceQuery(QUERY, () => Readable.from(rows()))
    expect([stream.readableFlowing, stream.readableDidRead]).toEqual([null, false])
    stream.destroy()
    await ended()
  })

  it('ends with the readers of a web stream', async () => {
    const reader = traceQuery(QUERY, () => web()).getReader()
    while ((await reader.read()).done === false) expect(recorder.open()).toHaveLength(1)
    await ended()
    await traceQuery(QUERY, () => web()).cancel()
    await ended()
    await traceQuery(QUERY, () => web()).pipeTo(new WritableStream())
    await ended()
    await Promise.all(
      traceQuery(QUERY, () => web())
        .tee()
        .map((half) => half.cancel()),
    )
    await ended()
  })

  it('asks the database for each row in the context of the statement', async () => {
    const seen = new Set<unknown>()
    async function* source() {
      for (let row = 0; row < 3; row += 1) {
        seen.add(trace.getActiveSpan())
        yield row
      }
    }
    for await (const _row of traceQuery(QUERY, source)) {
      expect(trace.getActiveSpan()).toBeUndefined()
    }
    expect([...seen]).toHaveLength(1)
    expect(seen.has(undefined)).toBe(false)
    await ended()
  })

  it('ends once what was read in part is gone', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    await (async () => {
      const result = traceQuery(QUERY, () => rows())
      await result.next()
    })()
    while (recorder.open().length > 0) {
      collect()
      await new Promise(setImmediate)
    }
    await ended()
  })
})

describe('traceQuery() with what runs when it is awaited', () => {
  let recorder: Recorder
  beforeEach(() => {
    recorder = createRecorder()
  })
  afterEach(() => recorder.shutdown())

  /** A query builder: it runs each time somebody asks for its outcome. */
  function builder(outcome: () => unknown) {
    const asked: unknown[] = []
    return {
      asked,
      // biome-ignore lint/suspicious/noThenProperty: this is what query builders do.
      then: <A, B>(
        resolve?: ((value: unknown) => A | PromiseLike<A>) | null,
        reject?: ((error: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> => {
        asked.push(trace.getActiveSpan())
        return new Promise((done) => done(outcome())).then(resolve, reject)
      },
      async *[Symbol.asyncIterator]() {
        yield 'row'
      },
    }
  }
  const query = { system: 'postgresql', text: 'SELECT id FROM t' }

  it('runs it once, when it is awaited, in the context of the statement', async () => {
    const query1 = builder(() => 3)
    const result: PromiseLike<unknown> = traceQuery(query, () => query1)
    expect(result).toBeInstanceOf(Promise)
    await new Promise(setImmediate)
    expect(query1.asked).toEqual([])
    expect(await result).toBe(3)
    expect(await result).toBe(3)
    expect(query1.asked).toHaveLength(1)
    expect(query1.asked[0]).toBeDefined()
    expect(recorder.take()).toHaveLength(1)
  })

  it('gives its error to everyone who asks, by catch() and finally() as well', async () => {
    const failing = () =>
      traceQuery(
        query,
        () => builder(() => Promise.reject(new RangeError('no'))) as PromiseLike<unknown>,
      )
    await expect(failing().catch((error: Error) => error.name)).resolves.toBe('RangeError')
    await expect(failing().finally(() => {})).rejects.toThrow(RangeError)
    expect(recorder.take().map(({ attributes }) => attributes['error.type'])).toEqual([
      'RangeError',
      'RangeError',
    ])
  })

  it('can be read row by row without being run', async () => {
    const query1 = builder(() => 3)
    const result = traceQuery(query, () => query1)
    for await (const row of result as unknown as AsyncIterable<string>) {
      expect(row).toBe('row')
      expect(recorder.open()).toHaveLength(1)
    }
    expect(query1.asked).toEqual([])
    expect(recorder.take()).toHaveLength(1)
  })

  it('runs a promise that waits to be awaited, such as those of postgres.js, when it is', async () => {
    let runs = 0
    class Query extends Promise<number> {
      static override get [Symbol.species]() {
        return Promise
      }
      // biome-ignore lint/suspicious/noThenProperty: this is what postgres.js does.
      override then<A, B>(
        ok?: ((value: number) => A | PromiseLike<A>) | null,
        no?: ((error: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        runs += 1
        return super.then(ok, no)
      }
    }
    const result = traceQuery(query, () => new Query((done) => done(5)))
    await new Promise(setImmediate)
    expect(runs).toBe(0)
    expect(await result).toBe(5)
    expect(runs).toBe(1)
    expect(recorder.take()).toHaveLength(1)
  })
})
