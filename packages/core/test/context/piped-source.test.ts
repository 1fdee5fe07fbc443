import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough, Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import {
  createServerTracer,
  currentTrace,
  runWithIdentity,
  tenant,
  traceNodeRequest,
} from '../../src/index.ts'
import { record } from '../recorder.ts'

let recording: ReturnType<typeof record>
let server: Server

beforeEach(() => {
  recording = record()
})
afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await recording.stop()
})

type Handle = (req: IncomingMessage, res: ServerResponse, run: <T>(f: () => T) => T) => unknown

/** Serves requests, traced; what happens to them happens in no context but for what `run` runs. */
async function serve(handle: Handle): Promise<() => Promise<string>> {
  const tracer = createServerTracer()
  server = createServer((req, res) => {
    const call = traceNodeRequest(tracer, req, res, { route: () => undefined })
    const within = call?.context ?? ROOT_CONTEXT
    context.with(ROOT_CONTEXT, () => handle(req, res, (run) => context.with(within, run)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return async () => (await fetch(`http://127.0.0.1:${port}/`)).text()
}

const here = (): string => currentTrace()?.spanId ?? 'none'

function telling(tell: () => string): Readable {
  return Readable.from(
    (async function* () {
      yield `${tell()} `
      await null
      yield tell()
    })(),
  )
}

describe('the source of a response', () => {
  it("is read in its request's context, whatever pipes it", async () => {
    const get = await serve((_req, res) => telling(here).pipe(res))
    const [first, second] = (await get()).split(' ')
    expect(first).not.toBe('none')
    expect(second).toBe(first)
  })

  it('is left as it is where that context is active already, with what is on top of it', async () => {
    const sources: Readable[] = []
    const get = await serve((_req, res, run) =>
      run(() =>
        runWithIdentity({ 'tenant.id': 'acme' }, () =>
          trace.getTracer('application').startActiveSpan('inner', (span) => {
            const source = telling(() => `${tenant.get()}:${here() === span.spanContext().spanId}`)
            sources.push(source)
            source.pipe(res)
            span.end()
          }),
        ),
      ),
    )
    expect(await get()).toBe('acme:true acme:true')
    expect(Object.hasOwn(sources[0] ?? {}, 'read')).toBe(false)
  })

  it('has its own method back when the response is not read from it any more', async () => {
    const source = new PassThrough()
    const get = await serve((_req, res) => {
      source.pipe(res)
      expect(Object.hasOwn(source, 'read')).toBe(true)
      source.unpipe(res)
      expect(Object.hasOwn(source, 'read')).toBe(false)
      res.end('unpiped')
    })
    expect(await get()).toBe('unpiped')
  })

  it('belongs to none of them when it is read for several', async () => {
    const seen: string[] = []
    const source = telling(() => {
      seen.push(here())
      return 'x'
    })
    const other = new Writable({ write: (_chunk, _encoding, done) => done() })
    const get = await serve((_req, res) => {
      source.pipe(other)
      source.pipe(res)
    })
    await Promise.all([get(), finished(other)])
    expect(seen).toEqual(['none', 'none'])
  })

  it('may be anything that pipes, or nothing', async () => {
    const get = await serve((_req, res) => {
      for (const odd of [undefined, null, 7, {}, Object.freeze(new PassThrough())]) {
        expect(() => res.emit('pipe', odd)).not.toThrow()
        expect(() => res.emit('unpipe', odd)).not.toThrow()
      }
      res.end('odd')
    })
    expect(await get()).toBe('odd')
  })
})
