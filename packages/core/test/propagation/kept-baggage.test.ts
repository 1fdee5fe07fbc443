import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, propagation } from '@opentelemetry/api'
import { createClientTracer, createServerTracer, runIn, tenant, user } from '../../src/index.ts'
import { incoming, outgoing, record } from '../recorder.ts'

let stop: () => Promise<void>

beforeEach(() => {
  ;({ stop } = record())
})
afterEach(() => stop())

const tracer = createClientTracer()

function sent(url = 'http://orders/', set: Record<string, string> = {}): string | undefined {
  const request = outgoing(url, set)
  tracer.send(request).receive({ statusCode: 200 })
  return request.headers.baggage
}

/** Runs in a request of an internal caller. */
function within(run: () => void): void {
  const call = createServerTracer().receive(incoming({ baggage: 'tenant.id=acme,colour=blue' }))
  runIn(call, run)
}

describe('the baggage that the calls of one request send', () => {
  it('is the same for each, and follows identity when that changes', () => {
    within(() => {
      expect(sent()).toBe('tenant.id=acme,colour=blue')
      expect(sent()).toBe('tenant.id=acme,colour=blue')
      user.set('u-1')
      expect(sent()).toBe('tenant.id=acme,user.id=u-1,colour=blue')
      tenant.set('other')
      expect(sent()).toBe('tenant.id=other,user.id=u-1,colour=blue')
      tenant.set(undefined)
      expect(sent()).toBe('user.id=u-1,colour=blue')
    })
  })

  it('is not sent to a stranger because an internal host had it before', () => {
    within(() => {
      sent()
      expect(sent('https://api.stranger.example/')).toBeUndefined()
      expect(sent()).toBe('tenant.id=acme,colour=blue')
    })
  })

  it("is joined by a call's own, which the next call does not send", () => {
    within(() => {
      sent()
      expect(sent('http://orders/', { baggage: 'own=1' })).toBe('tenant.id=acme,own=1,colour=blue')
      expect(sent()).toBe('tenant.id=acme,colour=blue')
    })
  })

  it("follows what the application sets through OpenTelemetry's API", () => {
    within(() => {
      sent()
      const baggage = propagation.createBaggage({ size: { value: 'xl' } })
      context.with(propagation.setBaggage(context.active(), baggage), () => {
        expect(sent()).toBe('tenant.id=acme,size=xl')
      })
      expect(sent()).toBe('tenant.id=acme,colour=blue')
    })
  })
})
