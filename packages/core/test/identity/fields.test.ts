import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import {
  createClientTracer,
  createServerTracer,
  identityField,
  runIn,
  runWithIdentity,
  tenant,
  user,
} from '../../src/index.ts'
import { identityLogFields } from '../../src/internal.ts'
import { IDENTITY_FIELDS } from '../../src/otel/shared-keys.ts'
import { answered, incoming, outgoing, record } from '../recorder.ts'

const server = createServerTracer()
const client = createClientTracer()

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(async () => {
  Reflect.deleteProperty(globalThis, IDENTITY_FIELDS)
  await stop()
})

/** Serves one request and gives back its span. */
function serve(headers: Record<string, string>, handle: () => void) {
  const call = server.receive(incoming(headers))
  runIn(call, handle)
  call?.send(answered(200))
  return exporter.getFinishedSpans().at(-1)
}

function baggageTo(url: string, headers: Record<string, string> = {}): string | undefined {
  const request = outgoing(url, headers)
  client.send(request).receive({ statusCode: 200 })
  return request.headers.baggage
}

describe('what an internal caller sends', () => {
  it('is readable, on the span, in the logs, and sent on', () => {
    const span = serve({ baggage: 'tenant.id=acme,user.id=ada%20l' }, () => {
      expect(tenant.get()).toBe('acme')
      expect(user.get()).toBe('ada l')
      expect(tenant.source()).toBe('caller')
      expect(identityLogFields()).toEqual({ tenant_id: 'acme', user_id: 'ada l' })
      expect(baggageTo('http://orders/')).toBe('tenant.id=acme,user.id=ada%20l')
    })
    expect(span?.attributes).toMatchObject({ 'tenant.id': 'acme', 'user.id': 'ada l' })
  })

  it.each([
    ['a control character', 'tenant.id=a%0d%0ab'],
    ['an escape sequence', 'tenant.id=a%1b[31m'],
    ['a C1 control', 'tenant.id=%C2%9B'],
    ['a line separator', 'tenant.id=a%E2%80%A8b'],
    ['257 bytes', `tenant.id=${'a'.repeat(257)}`],
    ['129 characters of two bytes', `tenant.id=${'%C3%A9'.repeat(129)}`],
    ['nothing', 'tenant.id='],
    ['another case', 'Tenant.ID=acme'],
    ['an encoded key', '%74enant.id=acme'],
  ])('is not taken when it has %s', (_name, baggage) => {
    serve({ baggage }, () => expect(tenant.get()).toBeUndefined())
  })

  it('takes the first of two and tells of the conflict', () => {
    const span = serve({ baggage: 'tenant.id=acme,tenant.id=evil' }, () =>
      expect(tenant.get()).toBe('acme'),
    )
    expect(span?.events).toMatchObject([
      { name: 'callchain.identity.conflict', attributes: { 'callchain.identity.dropped': 'evil' } },
    ])
  })

  it('is not a conflict when it says the same twice, whatever way it is written', () => {
    const baggage = 'tenant.id=acme,tenant.id=%61cme'
    const span = serve({ baggage }, () => expect(tenant.get()).toBe('acme'))
    expect(span?.events).toEqual([])
  })

  it('cannot write any other attribute', () => {
    const span = serve({ baggage: 'http.request.method=FAKE,service.name=spoof' }, () => {})
    expect(span?.attributes).toMatchObject({ 'http.request.method': 'GET' })
    expect(span?.attributes).not.toHaveProperty(['service.name'])
  })
})

describe('what code sets', () => {
  it('beats the caller, corrects the open span, is sent on, and tells of the conflict', () => {
    const span = serve({ baggage: 'tenant.id=evil,x=1' }, () => {
      expect(tenant.set('acme')).toBe(true)
      expect(tenant.get()).toBe('acme')
      expect(tenant.source()).toBe('code')
      expect(baggageTo('http://orders/')).toBe('tenant.id=acme,x=1')
    })
    expect(span?.attributes['tenant.id']).toBe('acme')
    expect(span?.events).toMatchObject([
      {
        name: 'callchain.identity.conflict',
        attributes: {
          'callchain.identity.field': 'tenant.id',
          'callchain.identity.kept': 'acme',
          'callchain.identity.dropped': 'evil',
        },
      },
    ])
  })

  it('is not a conflict when it says the same', () => {
    const span = serve({ baggage: 'tenant.id=acme' }, () => tenant.set('acme'))
    expect(span?.events).toEqual([])
  })

  it('can be a number, and can be taken away', () => {
    const span = serve({ baggage: 'user.id=mallory' }, () => {
      user.set(42)
      expect(user.get()).toBe('42')
      user.set(undefined)
      expect(user.get()).toBeUndefined()
      expect(baggageTo('http://orders/')).toBeUndefined()
    })
    expect(span?.attributes['user.id']).toBe('')
  })

  it('is refused, and changes nothing, when it breaks the rules', () => {
    serve({ baggage: 'tenant.id=acme' }, () => {
      expect(tenant.set('a\nb')).toBe(false)
      expect(tenant.get()).toBe('acme')
    })
  })

  it('is refused outside a request', () => {
    expect(tenant.set('acme')).toBe(false)
    expect(tenant.get()).toBeUndefined()
  })

  it('does not show in another request', () => {
    serve({}, () => tenant.set('acme'))
    serve({}, () => expect(tenant.get()).toBeUndefined())
  })

  it('cannot be pushed out by what a caller sent', () => {
    const junk = Array.from({ length: 80 }, (_, index) => `k${index}=${'v'.repeat(100)}`).join(',')
    serve({ baggage: junk }, () => {
      tenant.set('acme')
      const sent = baggageTo('http://orders/') ?? ''
      expect(sent.startsWith('tenant.id=acme,k0=')).toBe(true)
      expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(8192)
    })
  })
})

describe('a host that is not ours', () => {
  it('gets neither identity nor baggage, also not what the application set', () => {
    serve({ baggage: 'tenant.id=acme,x=1' }, () => {
      expect(baggageTo('https://api.example.com/', { baggage: 'mine=1' })).toBeUndefined()
      expect(baggageTo('https://orders.evil.com/?x=.internal')).toBeUndefined()
    })
  })
})

describe('identityField', () => {
  it('declares a field with its own names and rules', () => {
    const region = identityField('order.region', {
      baggage: ['region', 'old-region'],
      headers: 'X-Region',
      pattern: /eu|us/,
      attribute: 'app.region',
      logName: 'region',
      spans: 'all',
    })
    const span = serve({ baggage: 'old-region=eu' }, () => {
      expect(region.get()).toBe('eu')
      expect(identityLogFields()).toEqual({ region: 'eu' })
      expect(baggageTo('http://orders/')).toBe('region=eu')
    })
    expect(span?.attributes['app.region']).toBe('eu')
    expect(exporter.getFinishedSpans()[0]?.attributes['app.region']).toBe('eu')
    serve({ 'x-region': 'us' }, () => expect(region.get()).toBe('us'))
    serve({ baggage: 'region=eux' }, () => expect(region.get()).toBeUndefined())
  })

  it('shows a keyed hash where one is asked for, and sends the value itself', () => {
    identityField('user.id', { hash: { key: 'k', logs: false } })
    const span = serve({}, () => {
      user.set('ada')
      expect(identityLogFields()).toEqual({ user_id: 'ada' })
      expect(baggageTo('http://orders/')).toBe('user.id=ada')
    })
    expect(span?.attributes['user.id']).toBe(createHmac('sha256', 'k').update('ada').digest('hex'))
  })

  it('is sent to the hosts that are named, and to none when told so', () => {
    identityField('a', { send: ['api.partner.example'] })
    identityField('b', { send: 'none' })
    runWithIdentity({ a: '1', b: '2' }, () => {
      expect(baggageTo('https://api.partner.example/')).toBe('a=1')
      expect(baggageTo('http://orders/')).toBeUndefined()
    })
  })

  it('stays off spans and logs when told so', () => {
    identityField('a', { spans: 'none', logs: false })
    const span = serve({ baggage: 'a=1' }, () => expect(identityLogFields()).toEqual({}))
    expect(span?.attributes).not.toHaveProperty('a')
  })

  it.each([
    [() => identityField('x') && identityField('x'), /x is declared twice/],
    [
      () => identityField('x', { baggage: 'tenant.id' }),
      /tenant.id and x both use the name tenant.id/,
    ],
    [() => identityField('x', { logName: 'user_id' }), /user.id and x both use the name user_id/],
    [
      () => identityField('user.id', {}) && identityField('user.id', {}),
      /user.id is declared twice/,
    ],
    [() => identityField('a b'), /cannot be 'a b'; allowed: a token/],
    [() => identityField('x', { maxBytes: 0 }), /maxBytes of the identity field x cannot be 0/],
    [
      () => identityField('x', { send: 'all' as never }),
      /send of the identity field x cannot be 'all'/,
    ],
    [() => identityField('x', { hash: { key: '' } }), /hash.key of the identity field x .*hidden/],
    [() => identityField('x', { hash: 's3cret' as never }), /^(?!.*s3cret).*hash of .*hidden/],
    [
      () => identityField('x', { patern: /x/ } as never),
      /no option 'patern'; did you mean 'pattern'/,
    ],
    [
      () => identityField('x', { hash: { key: 'k', log: false } } as never),
      /no option 'hash.log'; did you mean 'hash.logs'/,
    ],
    [() => identityField('x', { logs: 'no' as never }), /logs of .* allowed: true, false/],
    [() => identityField('x', { baggage: [] }), /baggage of .* cannot be \[\]; allowed: a token/],
  ])('refuses what cannot be: %#', (declare, message) => {
    expect(declare).toThrow(message)
  })
})

describe('runWithIdentity', () => {
  it('gives a job its identity, and calls carry it', () => {
    runWithIdentity({ 'tenant.id': 'acme' }, () => {
      expect(tenant.get()).toBe('acme')
      expect(baggageTo('http://orders/')).toBe('tenant.id=acme')
    })
    expect(tenant.get()).toBeUndefined()
  })

  it('inside a request is for that work alone', () => {
    const span = serve({ baggage: 'tenant.id=acme,user.id=ada' }, () => {
      runWithIdentity({ 'tenant.id': 'globex' }, () => {
        expect([tenant.get(), user.get()]).toEqual(['globex', 'ada'])
      })
      expect(tenant.get()).toBe('acme')
    })
    expect(span?.attributes['tenant.id']).toBe('acme')
    expect(span?.events).toEqual([])
  })

  it('does not know undeclared names', () => {
    expect(() => runWithIdentity({ tenant: 'acme' }, () => {})).toThrow(
      /'tenant'; allowed: tenant.id, user.id/,
    )
  })

  it('has no value where the one for that work is refused, and leaves the outer span alone', () => {
    const span = serve({ baggage: 'tenant.id=acme' }, () => {
      runWithIdentity({ 'tenant.id': 'a\nb' }, () => expect(tenant.get()).toBeUndefined())
      runWithIdentity({}, () => tenant.set('globex'))
      expect(tenant.get()).toBe('acme')
    })
    expect(span?.attributes['tenant.id']).toBe('acme')
  })
})

describe('a conflict', () => {
  it('is told of where code contradicts itself, and not where it says the same again', () => {
    const same = serve({}, () => [tenant.set('acme'), tenant.set('acme')])
    const two = serve({}, () => [tenant.set('acme'), tenant.set('globex')])
    expect(same?.events).toEqual([])
    expect(two?.events).toMatchObject([
      {
        attributes: {
          'callchain.identity.kept': 'globex',
          'callchain.identity.dropped': 'acme',
        },
      },
    ])
  })

  it('shows nothing of a field that no span shows, and the hash of one that is hashed', () => {
    const hidden = identityField('card', { spans: 'none' })
    identityField('user.id', { hash: { key: 'k' } })
    const span = serve({ baggage: 'card=1,user.id=ada' }, () => [hidden.set('2'), user.set('bob')])
    expect(span?.attributes).not.toHaveProperty(['card'])
    expect(span?.events).toHaveLength(1)
    expect(JSON.stringify(span?.events)).not.toMatch(/ada|bob/)
  })
})

it('a value is text or a number: an object is refused, and an empty text takes the value away', () => {
  serve({ baggage: 'tenant.id=acme' }, () => {
    expect(tenant.set({} as never)).toBe(false)
    expect(tenant.get()).toBe('acme')
    expect(tenant.set('')).toBe(true)
    expect(tenant.get()).toBeUndefined()
  })
})

describe('a pattern', () => {
  it.each([
    ['is for the whole value, each of its alternatives', /a|b/, ['a', 'b'], ['ab', 'ax', 'xb']],
    ['remembers nothing, whatever its flags', /a+/g, ['aa', 'aa', 'aa'], ['b']],
  ])('%s', (_what, pattern, taken, refused) => {
    const field = identityField('order.kind', { pattern })
    serve({}, () => {
      for (const value of taken) expect(field.set(value)).toBe(true)
      for (const value of refused) expect(field.set(value)).toBe(false)
    })
  })
})

describe('names', () => {
  it('clash only where both are shown', () => {
    expect(() => identityField('x', { attribute: 'tenant.id' })).toThrow(/tenant.id and x both/)
    expect(() => identityField('y', { logs: false, logName: 'user_id' })).not.toThrow()
  })
})

it('a hash can be for logs alone', () => {
  identityField('user.id', { hash: { key: 'k', spans: false } })
  const span = serve({}, () => {
    user.set('ada')
    expect(identityLogFields().user_id).toBe(createHmac('sha256', 'k').update('ada').digest('hex'))
  })
  expect(span?.attributes['user.id']).toBe('ada')
})
