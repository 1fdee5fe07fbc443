import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { baggageEntryMetadataFromString, context, propagation } from '@opentelemetry/api'
import { createClientTracer, createServerTracer, runIn } from '../../src/index.ts'
import { incoming, outgoing, record } from '../recorder.ts'

const STRANGER = { peerAddress: '203.0.113.7' }

let stop: () => Promise<void>

beforeEach(() => {
  ;({ stop } = record())
})
afterEach(() => stop())

/** The baggage that a call to a host of ours sends, where the application sets this header on it. */
function sent(received: string, own: string | undefined, overrides = {}): string | undefined {
  const request = outgoing('http://orders/', own === undefined ? {} : { baggage: own })
  const call = createServerTracer().receive(incoming({ baggage: received }, overrides))
  runIn(call, () => createClientTracer().send(request).receive({ statusCode: 200 }))
  return request.headers.baggage
}

describe("baggage in the application's own header", () => {
  it('stands in place of what came in under the same key', () => {
    expect(sent('x=1,y=1', 'x=2')).toBe('x=2,y=1')
  })

  it('goes out once where it was only passed on', () => {
    expect(sent('x=1;p=1,y=1', 'x=1;p=1,y=1,own=1')).toBe('own=1,x=1;p=1,y=1')
  })

  const long = Array.from({ length: 90 }, (_, at) => `k${at}=${'v'.repeat(100)}`).join(',')
  it.each([
    ['as it came', 'x=1', 'x=1,own=1', 'own=1'],
    ['encoded anew', 'x=%61b', 'x=ab,own=1', 'own=1'],
    ['with spaces taken out', 'x=1 ; p = 1', 'x=1;p=1,own=1', 'own=1'],
    ['beyond what one header may be', long, `${long},own=1`, 'own=1'],
  ])("takes nothing of a stranger's along: %s", (_what, received, own, expected) => {
    expect(sent(received, own, STRANGER)).toBe(expected)
  })

  it('is its own where it gives a member another property', () => {
    expect(sent('x=1;p=1', 'x=1;p=2', STRANGER)).toBe('x=1;p=2')
  })
})

describe("baggage that was set through OpenTelemetry's API", () => {
  function sentWith(change: (baggage: ReturnType<typeof propagation.createBaggage>) => unknown) {
    const request = outgoing('http://orders/')
    runIn(createServerTracer().receive(incoming({ baggage: 'x=1,x=2;p,y=%61' })), () => {
      const changed = change(propagation.getActiveBaggage() ?? propagation.createBaggage())
      context.with(propagation.setBaggage(context.active(), changed as never), () =>
        createClientTracer().send(request).receive({ statusCode: 200 }),
      )
    })
    return request.headers.baggage
  }

  it('leaves what came in as it came, with all members of a key', () => {
    expect(sentWith((baggage) => baggage.setEntry('own', { value: '1' }))).toBe(
      'x=1,x=2;p,y=%61,own=1',
    )
  })

  it('goes out with its properties, and without keys that no header can have', () => {
    const metadata = baggageEntryMetadataFromString('p=1')
    const own = propagation.createBaggage({
      own: { value: 'a b', metadata },
      'no key': { value: '1' },
      // Read back, it would be another member: `other` with the value `key=1`.
      'other=key': { value: '1' },
    })
    expect(sentWith(() => own)).toBe('own=a%20b;p=1')
  })
})
