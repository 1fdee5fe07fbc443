import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import {
  createClientTracer,
  createDatabaseTracer,
  createServerTracer,
  runIn,
} from '../../src/index.ts'
import { announceSdk } from '../../src/internal.ts'
import { incoming, outgoing, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

let stop: () => Promise<void>

beforeEach(() => {
  ;({ stop } = record())
})
afterEach(async () => {
  announceSdk()
  metrics.disable()
  await stop()
})

function within<T>(flags: '00' | '01', run: () => T): T {
  const call = createServerTracer().receive(
    incoming({ traceparent: `00-${TRACE}-${PARENT}-${flags}`, baggage: 'tenant.id=acme' }),
  )
  return runIn(call, run)
}

describe('in an unsampled trace, under an SDK that follows the parent', () => {
  beforeEach(() => announceSdk({ followsParent: true }))

  it('a call carries trace and identity on under an id of its own, and nobody is asked what it says', () => {
    const attributes = jest.fn(() => ({}))
    const urlTemplate = jest.fn(() => '/{id}')
    const tracer = createClientTracer({ attributes, urlTemplate })
    const ids = within('00', () =>
      [1, 2].map(() => {
        const request = outgoing('http://orders/')
        const call = tracer.send(request)
        expect(call.isObserved).toBe(false)
        call.receive({ statusCode: 200 })
        expect(request.headers).toEqual({
          traceparent: expect.stringMatching(`^00-${TRACE}-[0-9a-f]{16}-00$`),
          baggage: 'tenant.id=acme',
        })
        return request.headers.traceparent?.slice(36, 52)
      }),
    )

    expect(new Set([...ids, PARENT]).size).toBe(3)
    expect(attributes).not.toHaveBeenCalled()
    expect(urlTemplate).not.toHaveBeenCalled()
  })

  it('a statement is not observed, unless statements are measured', () => {
    const tracer = createDatabaseTracer()

    expect(within('00', () => tracer.isObserved())).toBe(false)
    metrics.setGlobalMeterProvider(new MeterProvider())
    expect(within('00', () => tracer.isObserved())).toBe(true)
  })

  it('what is sampled, or has no parent, is observed', () => {
    const tracer = createDatabaseTracer()

    expect(within('01', () => tracer.isObserved())).toBe(true)
    expect(tracer.isObserved()).toBe(true)
  })
})

it('a sampler of which nothing is known sees what a call of an unsampled trace says', () => {
  const attributes = jest.fn(() => ({}))
  const tracer = createClientTracer({ attributes })
  within('00', () => tracer.send(outgoing('http://orders/')).receive({ statusCode: 200 }))

  expect(attributes).toHaveBeenCalled()
  expect(within('00', () => createDatabaseTracer().isObserved())).toBe(true)
})
