import { execFileSync } from 'node:child_process'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import type { InMemorySpanExporter, ReadableSpan } from '@opentelemetry/sdk-trace'
import {
  carryContext,
  currentTrace,
  identityField,
  jobEnv,
  runCarried,
  runWithIdentity,
  tenant,
  traceJob,
  user,
} from '../../src/index.ts'
import { identityLogFields } from '../../src/internal.ts'
import { IDENTITY_FIELDS } from '../../src/otel/shared-keys.ts'
import { record } from '../recorder.ts'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>
beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(async () => {
  Reflect.deleteProperty(globalThis, IDENTITY_FIELDS)
  await stop()
})

function named(name: string): ReadableSpan {
  const span = exporter.getFinishedSpans().find((each) => each.name === name)
  if (span === undefined) throw new Error(`no span ${name}`)
  return span
}

const FROM = { TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }

describe('a job', () => {
  it('is a root with its identity, in logs as well, and gives back what it returns', async () => {
    const result = await traceJob('invoices', { identity: { 'tenant.id': 'acme' } }, async () => {
      await null
      expect(identityLogFields()).toEqual({ tenant_id: 'acme' })
      trace.getTracer('test').startSpan('inner').end()
      return 7
    })
    expect(result).toBe(7)
    const job = named('invoices')
    expect(job.parentSpanContext).toBeUndefined()
    expect(job.attributes).toEqual({ 'callchain.job.name': 'invoices', 'tenant.id': 'acme' })
    expect(named('inner').parentSpanContext?.spanId).toBe(job.spanContext().spanId)
  })

  it('has nothing of where it was scheduled but a link', () => {
    trace.getTracer('test').startActiveSpan('request', (request) =>
      runWithIdentity({ 'tenant.id': 'scheduler' }, () => {
        traceJob('tick', () => expect(tenant.get()).toBeUndefined())
        request.end()
      }),
    )
    const tick = named('tick')
    expect(tick.parentSpanContext).toBeUndefined()
    expect(tick.links.map((link) => link.context.spanId)).toEqual([
      named('request').spanContext().spanId,
    ])
  })

  it('has its span corrected by `tenant.set`', () => {
    traceJob('tick', () => tenant.set('beta'))
    expect(named('tick').attributes['tenant.id']).toBe('beta')
  })

  it.each([
    [
      'throws',
      () =>
        traceJob('bad', () => {
          throw new RangeError('x')
        }),
    ],
    ['rejects', () => traceJob('bad', () => Promise.reject(new RangeError('x')))],
  ])('that %s fails, and so does who called it', async (_, run) => {
    await expect((async () => run())()).rejects.toThrow(RangeError)
    const { status, attributes, events } = named('bad')
    expect(status.code).toBe(SpanStatusCode.ERROR)
    expect(attributes['error.type']).toBe('RangeError')
    expect(events.map(({ name }) => name)).toEqual(['exception'])
  })

  it('leaves an unhandled rejection unhandled', () => {
    const source = JSON.stringify(require.resolve('../../src/index.ts'))
    const script = `
      process.on('unhandledRejection', (error) => console.log('unhandled', error.message))
      require(${source}).traceJob('bad', async () => { throw new Error('x') })`
    const args = ['--require', require.resolve('esbuild-register'), '-e', script]
    const output = execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    expect(output.toString()).toBe('unhandled x\n')
  })

  it('continues the trace of the environment when told to, with its identity when told to', () => {
    const env = { ...FROM, BAGGAGE: 'tenant.id=acme' }
    traceJob('plain', { from: env }, () => expect(tenant.get()).toBeUndefined())
    traceJob('with', { from: { env, identity: true } }, () => expect(tenant.get()).toBe('acme'))
    expect(named('plain').spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c')
    expect(named('with').parentSpanContext?.spanId).toBe('b7ad6b7169203331')
  })

  it('is flushed before its promise settles', async () => {
    let flushed = false
    const tracerProvider = {
      getTracer: (name: string) => trace.getTracer(name),
      forceFlush: async () => {
        flushed = named('script') !== undefined
      },
    }
    await traceJob('script', { flush: true, tracerProvider }, async () => {})
    expect(flushed).toBe(true)
  })

  it.each([
    [() => traceJob('', () => {}), /the name of a job/],
    [() => traceJob('x', { identities: {} } as never, () => {}), /no option 'identities'/],
    [() => traceJob('x', { identity: { nobody: 1 } }, () => {}), /a field of traceJob/],
    [() => traceJob('x', { flush: true } as never, undefined as never), /the job of traceJob/],
  ])('refuses what it cannot do', (run, message) => {
    expect(run).toThrow(message)
  })
})

describe('the environment of a child', () => {
  it('has the trace and identity of the job, in place of what is old', () => {
    const old = { PATH: '/bin', ...FROM, TRACESTATE: 'a=1', BAGGAGE: 'x=1' }
    expect(jobEnv(old)).toEqual({ PATH: '/bin' })
    identityField('user.id', { hash: { key: 'k' } })
    traceJob('parent', { identity: { 'tenant.id': 'acme', 'user.id': 7 } }, () => {
      expect(jobEnv(old)).toEqual({
        PATH: '/bin',
        TRACEPARENT: `00-${currentTrace()?.traceId}-${currentTrace()?.spanId}-03`,
        BAGGAGE: 'tenant.id=acme',
      })
    })
    expect(old.TRACESTATE).toBe('a=1')
  })
})

describe('what is carried to a thread', () => {
  it('is plain, and gives trace and identity there, those with a hash as well', () => {
    identityField('user.id', { hash: { key: 'k' } })
    const { port1, port2 } = new MessageChannel()
    traceJob('parent', { identity: { 'tenant.id': 'acme', 'user.id': 7 } }, () =>
      port1.postMessage(carryContext()),
    )
    const carried = receiveMessageOnPort(port2)?.message
    port1.close()
    runCarried(carried, () => {
      expect([tenant.get(), user.get()]).toEqual(['acme', '7'])
      expect(currentTrace()?.traceId).toBe(named('parent').spanContext().traceId)
    })
    traceJob('task', { from: carried }, () => expect(user.get()).toBe('7'))
    expect(named('task').parentSpanContext?.spanId).toBe(named('parent').spanContext().spanId)
  })

  it('is empty outside any, and no harm if it is not what it should be', () => {
    expect(carryContext()).toEqual({})
    expect(runCarried({ traceparent: 7, baggage: null } as never, () => tenant.get())).toBe(
      undefined,
    )
  })
})

describe('runWithIdentity', () => {
  it('outside any trace is one trace that can be found', async () => {
    await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
      trace.getTracer('test').startSpan('one').end()
      await null
      trace.getTracer('test').startSpan('two').end()
    })
    const root = named('runWithIdentity')
    expect(root.attributes).toEqual({ 'tenant.id': 'acme' })
    for (const name of ['one', 'two'])
      expect(named(name).parentSpanContext?.spanId).toBe(root.spanContext().spanId)
  })

  it('inside a trace has no span of its own', () => {
    trace.getTracer('test').startActiveSpan('request', (span) => {
      runWithIdentity({ 'tenant.id': 'acme' }, () => {})
      span.end()
    })
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['request'])
  })
})
