import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type * as Core from '../../src/index.ts'
import { createContextManager } from '../../src/index.ts'
import type * as Internal from '../../src/internal.ts'
import * as keys from '../../src/otel/shared-keys.ts'
import { MAJOR } from '../../src/otel/version.ts'

type Copy = typeof Core & typeof Internal & { readonly keys: typeof keys }

/** One more copy of the package in this process, as if it were of that major version. */
async function loadCopy(major: string): Promise<Copy> {
  jest.doMock('../../src/otel/version.ts', () => ({ VERSION: `${major}.0.0`, MAJOR: major }))
  try {
    const copy: Partial<Copy> = {}
    await jest.isolateModulesAsync(async () => {
      Object.assign(
        copy,
        await import('../../src/index.ts'),
        await import('../../src/internal.ts'),
        { keys: await import('../../src/otel/shared-keys.ts') },
      )
    })
    return copy as Copy
  } finally {
    jest.dontMock('../../src/otel/version.ts')
  }
}

const exporter = new InMemorySpanExporter()
let one: Copy
let twin: Copy
let other: Copy

beforeAll(async () => {
  context.setGlobalContextManager(createContextManager())
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  )
  one = await loadCopy('7')
  twin = await loadCopy('7')
  other = await loadCopy('8')
})

afterAll(() => {
  trace.disable()
  context.disable()
})

/** What a request leads to where each of the copies traces it, the first one outermost. */
async function serve(copies: readonly Copy[], application: () => void): Promise<void> {
  const tracers = copies.map((copy) => ({ copy, tracer: copy.createServerTracer() }))
  const server = createServer((req, res) => {
    const handle = tracers.reduceRight<() => void>(
      (next, { copy, tracer }) =>
        () =>
          copy.runIn(copy.traceNodeRequest(tracer, req, res, { route: () => '/orders' }), next),
      () => {
        application()
        res.end()
      },
    )
    handle()
  }).listen(0, '127.0.0.1')
  try {
    await new Promise((listening) => server.once('listening', listening))
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`)
  } finally {
    await new Promise((closed) => server.close(closed))
  }
}

describe('the keys that copies of this package share', () => {
  const ours = (copy: { readonly keys: object }) =>
    Object.entries(copy.keys).filter(
      ([name]) => !/^(API_GLOBAL|(SPAN|BAGGAGE|RPC_METADATA|SUPPRESS_TRACING)_KEY)$/.test(name),
    )

  it('have the major version in their names, and one meaning each', () => {
    const names = ours({ keys }).map(([, key]) => Symbol.keyFor(key as symbol))
    for (const name of names) expect(name).toMatch(new RegExp(`^callchain\\.${MAJOR}\\.\\w+$`))
    expect(new Set(names).size).toBe(names.length)
  })

  it('are the same in copies of one major, and not those of another', () => {
    expect(twin.keys).toEqual(one.keys)
    const known = new Set(ours(one).map(([, key]) => key))
    expect(ours(other).filter(([, key]) => known.has(key))).toEqual([])
  })

  it('are those of OpenTelemetry where it has one', () => {
    const { API_GLOBAL, SPAN_KEY, BAGGAGE_KEY, RPC_METADATA_KEY, SUPPRESS_TRACING_KEY } = one.keys
    expect(other.keys).toMatchObject({
      API_GLOBAL,
      SPAN_KEY,
      BAGGAGE_KEY,
      RPC_METADATA_KEY,
      SUPPRESS_TRACING_KEY,
    })
  })
})

describe('two copies of one major in a process', () => {
  it('share identity, the fields that are declared, and the log sink', () => {
    const region = one.identityField('region')
    expect(() => twin.identityField('region')).toThrow('declared twice')
    const lines: unknown[] = []
    one.setLogSink(({ line }) => lines.push(line))
    twin.runWithIdentity({ 'tenant.id': 'acme', region: 'eu' }, () => {
      expect([one.tenant.get(), region.get()]).toEqual(['acme', 'eu'])
      twin.emitLogLine({ context: ROOT_CONTEXT, line: 'said' })
    })
    one.setLogSink(undefined)
    expect(lines).toEqual(['said'])
  })

  it('trace a request once, and share its identity', async () => {
    exporter.reset()
    const seen: unknown[] = []
    await serve([one, twin], () => {
      one.tenant.set('acme')
      seen.push(twin.tenant.get())
    })
    expect(seen).toEqual(['acme'])
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['GET /orders'])
  })
})

describe('two copies of different majors in a process', () => {
  it('do not read what the other keeps', () => {
    one.identityField('plan')
    const area = other.identityField('area')
    const lines: unknown[] = []
    one.setLogSink(({ line }) => lines.push(line))
    one.runWithIdentity({ 'tenant.id': 'acme', plan: 'free' }, () => {
      expect([other.tenant.get(), area.get()]).toEqual([undefined, undefined])
      expect(other.identityLogFields()).toEqual({})
      other.emitLogLine({ context: ROOT_CONTEXT, line: 'said' })
      other.runWithIdentity({ area: 'north' }, () => {
        expect([one.tenant.get(), area.get()]).toEqual(['acme', 'north'])
      })
    })
    one.setLogSink(undefined)
    expect(lines).toEqual([])
  })

  it.each([
    ['the older one first', () => [one, other]],
    ['the newer one first', () => [other, one]],
  ])('trace one request without harm, %s: one span, identity of their own', async (_, copies) => {
    exporter.reset()
    const [outer, inner] = copies() as [Copy, Copy]
    const seen: unknown[] = []
    await serve([outer, inner], () => {
      outer.tenant.set('acme')
      inner.tenant.set('other')
      seen.push(outer.tenant.get(), inner.tenant.get())
    })
    expect(seen).toEqual(['acme', 'other'])
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['GET /orders'])
  })
})
