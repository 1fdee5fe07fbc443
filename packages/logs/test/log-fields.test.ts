import { currentTrace, identityField, runWithIdentity, tenant } from '@callchain/core'
import { createRecorder } from '@callchain/testing'
import { afterAll, describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { createLogFields, type LogFieldOptions, logFields } from '../src/index.ts'
import { traceMixin } from '../src/pino.ts'
import { traceMeta } from '../src/winston.ts'
import { inRequest, TRACE } from './in-request.ts'

const recorder = createRecorder()
afterAll(() => recorder.shutdown())

identityField('card', { baggage: ['card'], hash: { key: 'secret', logs: true } })

function fieldsWith(options: LogFieldOptions, baggage = 'tenant.id=acme,user.id=ada'): unknown {
  return inRequest(baggage, createLogFields(options))
}

const spanId = expect.stringMatching(/^[0-9a-f]{16}$/)

describe('logFields', () => {
  it('is empty outside a request', () => {
    expect(logFields()).toEqual({})
    expect(createLogFields({ nest: 'otel' })()).toEqual({})
  })

  it('is a fresh object each time', () => {
    inRequest('', () => {
      const fields = logFields()
      fields.trace_id = 'changed by the caller'
      expect(logFields()).toMatchObject({ trace_id: TRACE })
    })
  })

  it('says what is so now, though it has said something else before', () => {
    const ecsFields = createLogFields({ preset: 'ecs' })
    inRequest('tenant.id=acme', () => {
      const first = logFields()
      expect(first).toMatchObject({ tenant_id: 'acme' })
      expect(ecsFields()).toMatchObject({ 'organization.id': 'acme' })
      expect(logFields()).toEqual(first)
      tenant.set('globex')
      expect(logFields()).toEqual({ ...first, tenant_id: 'globex' })
      runWithIdentity({ 'tenant.id': 'initech' }, () =>
        expect(logFields()).toEqual({ ...first, tenant_id: 'initech' }),
      )
      trace.getTracer('test').startActiveSpan('inner', (span) => {
        span.end()
        expect(logFields()).toMatchObject({
          span_id: span.spanContext().spanId,
          tenant_id: 'globex',
        })
      })
      identityField('region', { baggage: ['region'] }).set('eu')
      expect(logFields()).toEqual({ ...first, tenant_id: 'globex', region: 'eu' })
    })
  })

  it('hashes what is declared to be hashed in logs', () => {
    const { card } = inRequest('card=4711', logFields)
    expect(card).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('createLogFields', () => {
  it('renames fields, and leaves out those that are not wanted', () => {
    const names = { trace_id: 'traceId', trace_flags: false, tenant_id: 'customer', user_id: false }
    expect(fieldsWith({ names } as LogFieldOptions)).toEqual({
      traceId: TRACE,
      span_id: spanId,
      customer: 'acme',
    })
  })

  it('nests all fields under one name', () => {
    expect(fieldsWith({ nest: 'otel' }, '')).toEqual({
      otel: { trace_id: TRACE, span_id: spanId, trace_flags: '01' },
    })
  })

  it('has a preset for the Elastic Common Schema, where own fields are labels', () => {
    const fields = fieldsWith({ preset: 'ecs' }, 'tenant.id=acme,user.id=ada,card=4711')
    expect(fields).toEqual({
      'trace.id': TRACE,
      'span.id': spanId,
      'organization.id': 'acme',
      'user.id': 'ada',
      'labels.card': expect.any(String),
    })
  })

  it('has a preset for Google Cloud Logging, with the trace in its older form where asked', () => {
    const common = {
      'logging.googleapis.com/spanId': spanId,
      'logging.googleapis.com/trace_sampled': true,
      tenant_id: 'acme',
      user_id: 'ada',
    }
    expect(fieldsWith({ preset: 'google-cloud' })).toEqual({
      ...common,
      'logging.googleapis.com/trace': TRACE,
    })
    expect(fieldsWith({ preset: 'google-cloud', project: 'shop' })).toEqual({
      ...common,
      'logging.googleapis.com/trace': `projects/shop/traces/${TRACE}`,
    })
  })

  it('has a preset for Datadog, with ids of 64 bits in decimal digits', () => {
    inRequest('user.id=ada', () => {
      const id = BigInt(`0x${currentTrace()?.spanId}`).toString()
      expect(createLogFields({ preset: 'datadog' })()).toEqual({
        'dd.trace_id': BigInt('0x8448eb211c80319c').toString(),
        'dd.span_id': id,
        'usr.id': 'ada',
      })
    })
  })

  it('lets own names go before those of a preset', () => {
    const fields = fieldsWith({ preset: 'ecs', names: { tenant_id: 'labels.shop' } })
    expect(fields).toMatchObject({ 'labels.shop': 'acme', 'trace.id': TRACE })
    expect(fields).not.toHaveProperty(['organization.id'])
  })

  it('refuses an option that is not allowed, and says what is', () => {
    expect(() => createLogFields({ preset: 'splunk' as 'ecs' })).toThrow(
      "callchain: preset of LogFieldOptions cannot be 'splunk'; allowed: 'ecs', 'google-cloud', 'datadog'",
    )
    const misspelt = { prest: 'ecs' } as never
    for (const create of [
      () => createLogFields(misspelt),
      () => traceMixin(misspelt),
      () => traceMeta({}, misspelt),
    ]) {
      expect(create).toThrow("LogFieldOptions has no option 'prest'; did you mean 'preset'?")
    }
    expect(() => createLogFields({ names: { trace_id: '' } })).toThrow('names of LogFieldOptions')
  })
})
