import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { type Answer, type Collector, startCollector } from './collector.ts'
import { encodePartialSuccess } from './otlp-decoder.ts'
import { said, start } from './tracing-session.ts'

let collector: Collector | undefined

async function listen(answer: Answer): Promise<Collector> {
  collector = await startCollector(answer)
  return collector
}

afterEach(async () => {
  await collector?.close()
  collector = undefined
})

function record(count = 1): void {
  for (let left = count; left > 0; left--) trace.getTracer('test').startSpan('one').end()
}

/** Answers these in turn, and then that all is well. */
function inTurn(...answers: Answer[]): Answer {
  return (response, received) => {
    const answer = answers.shift()
    if (answer === undefined) response.end()
    else answer(response, received)
  }
}

function busy(retryAfter: string): Answer {
  return (response) => response.writeHead(429, { 'retry-after': retryAfter }).end()
}

describe('a collector that says when to come again', () => {
  it.each(['30', new Date(Date.now() + 60_000).toUTCString(), '99999999999999999999'])(
    'Retry-After: %s is left alone until then, by the next batch and by flush(), and nothing is lost yet',
    async (retryAfter) => {
      const { url, received } = await listen(inTurn(busy(retryAfter)))
      const batch = { scheduledDelayMillis: 1 }
      const tracing = start({ endpoint: url, serviceName: 'a', batch, exitTimeoutMillis: 50 })
      record()
      await tracing.flush()
      record()
      await tracing.flush()
      expect(received).toHaveLength(1)
      expect(said()).toEqual([])
      await tracing.shutdown()
      expect(received).toHaveLength(1)
      expect(said()).toEqual([
        `callchain: 2 spans were lost: the collector at ${url}/v1/traces did not accept them (HTTP 429)\n`,
      ])
    },
  )

  it.each(['0', '1', 'Sun, 06 Nov 1994 08:49:37 GMT'])(
    'Retry-After: %s is waited for by flush(), which then delivers',
    async (retryAfter) => {
      const { url, received } = await listen(inTurn(busy(retryAfter)))
      const tracing = start({ endpoint: url, serviceName: 'a' })
      record()
      await tracing.flush()
      expect(received).toHaveLength(2)
      await tracing.shutdown()
      expect(said()).toEqual([])
    },
  )

  it('is waited for by shutdown() as well, where there is time', async () => {
    const { url, received } = await listen(inTurn(busy('1')))
    const tracing = start({ endpoint: url, serviceName: 'a', exitTimeoutMillis: 60_000 })
    record()
    await tracing.shutdown()
    expect(received).toHaveLength(2)
    expect(said()).toEqual([])
  })

  it('speaks for itself alone: another exporter goes on', async () => {
    const { url, received } = await listen((response, { path }) => {
      if (path === '/v1/traces') response.writeHead(503, { 'retry-after': '60' })
      response.end()
    })
    const variables = { OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${url}/zipkin` }
    const exporter = ['otlp', 'zipkin'] as const
    const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...variables }
    const tracing = start({ exporter, serviceName: 'a', exitTimeoutMillis: 1000 }, otlp)
    record()
    await tracing.flush()
    record()
    await tracing.flush()
    expect(received.map(({ path }) => path).toSorted()).toEqual([
      '/v1/traces',
      '/zipkin',
      '/zipkin',
    ])
  })
})

describe('what a collector answers', () => {
  it.each<[string, Answer]>([
    ['more than anybody reads', (response) => response.end('x'.repeat(1_000_000))],
    [
      'a beginning, and hangs up',
      (response) => {
        response.writeHead(200, { 'content-length': '9' }).write('{', () => response.destroy())
      },
    ],
    ['a beginning', (response) => response.writeHead(202, { 'content-length': '9' }).write('{')],
    ['no content', (response) => response.writeHead(204).end()],
    ['a refusal of fewer than none', (response) => response.end(encodePartialSuccess(-3, ''))],
  ])('to a batch that it took, %s: the batch was taken, once', async (_what, answer) => {
    const { url, received } = await listen(answer)
    const tracing = start({ endpoint: url, serviceName: 'a' })
    record()
    await tracing.shutdown()
    expect(received).toHaveLength(1)
    expect(said()).toEqual([])
  })

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('packed by %s is read as it was meant', async (encoding, pack) => {
    const { url } = await listen((response) => {
      response.setHeader('content-encoding', encoding)
      response.end(pack(encodePartialSuccess(1, 'too old')))
    })
    const tracing = start({ endpoint: url, serviceName: 'a' })
    record(3)
    await tracing.flush()
    expect(said()).toEqual(['callchain: 1 span was lost: the collector rejected them (too old)\n'])
  })

  it.each<[string, Uint8Array]>([
    ['is not packed at all', encodePartialSuccess(1, '')],
    ['is far larger than it looks', gzipSync(Buffer.alloc(10_000_000))],
  ])('that says it is packed and %s takes nothing back', async (_what, body) => {
    const { url } = await listen((response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(body)
    })
    const tracing = start({ endpoint: url, serviceName: 'a' })
    record()
    await tracing.flush()
    expect(said()).toEqual([])
  })

  it('to a batch of one, that it refused a thousand: one is lost', async () => {
    const { url } = await listen((response) => response.end(encodePartialSuccess(1000, '')))
    const tracing = start({ endpoint: url, serviceName: 'a' })
    record()
    await tracing.flush()
    expect(said()).toEqual([
      'callchain: 1 span was lost: the collector rejected them (no reason given)\n',
    ])
  })

  it('with a warning: it is passed on, once a minute, on one line', async () => {
    const { url } = await listen((response) =>
      response.end(encodePartialSuccess(0, 'lower your\ncardinality')),
    )
    const tracing = start({ endpoint: url, serviceName: 'a' })
    for (const _ of [1, 2]) {
      record()
      await tracing.flush()
    }
    expect(said()).toEqual([
      'callchain: the collector accepted the spans, with a warning: lower your cardinality\n',
    ])
  })

  it('refusing one batch does not keep flush() from sending the next', async () => {
    const { url, received } = await listen(inTurn((response) => response.writeHead(400).end()))
    const batch = { maxExportBatchSize: 2 }
    const tracing = start({ endpoint: url, serviceName: 'a', batch })
    record(6)
    await tracing.flush()
    expect(received).toHaveLength(3)
    expect(said()).toEqual([expect.stringContaining('2 spans were lost: ')])
  })

  it('on a connection that it has closed since: the batch is sent again on a new one', async () => {
    const { url, received } = await listen(
      inTurn(
        (response) => response.end(),
        (response) => response.destroy(),
      ),
    )
    const tracing = start({ endpoint: url, serviceName: 'a' })
    record()
    await tracing.flush()
    record()
    await tracing.shutdown()
    expect(received).toHaveLength(3)
    expect(said()).toEqual([])
  })
})

describe('every request', () => {
  it.each([
    [{}, /^Callchain-Exporter-JavaScript\/\d+\.\d+\.\d+/],
    [{ 'User-Agent': 'mine' }, /^mine$/],
  ])('says who sends it: %j', async (headers, expected) => {
    const { url, received } = await listen((response) => response.end())
    const tracing = start({ endpoint: url, serviceName: 'a', headers })
    record()
    await tracing.flush()
    expect(received[0]?.headers['user-agent']).toMatch(expected)
  })
})
