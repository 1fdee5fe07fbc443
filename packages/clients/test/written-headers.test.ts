import { describe, expect, it } from '@jest/globals'
import { WrittenHeaders } from '../src/call/written-headers.ts'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function written(): WrittenHeaders {
  const headers = new WrittenHeaders()
  headers.record('traceparent', TRACE)
  headers.record('tracestate', undefined)
  headers.record('baggage', 'tenant.id=acme')
  return headers
}

describe('the headers that were decided for an attempt', () => {
  it('are recognised in a list, wherever they stand among others', () => {
    const list = [
      'accept',
      '*/*',
      'baggage',
      'tenant.id=acme',
      'traceparent',
      TRACE,
      'a-7-long',
      '1',
    ]

    expect(written().isIn(list)).toBe(true)
  })

  it.each([
    ['one is missing', ['traceparent', TRACE]],
    ['one has another value', ['traceparent', TRACE, 'baggage', 'tenant.id=other']],
    ['one is there twice', ['traceparent', TRACE, 'baggage', 'tenant.id=acme', 'baggage', 'a=1']],
    [
      'one that was removed is there',
      ['traceparent', TRACE, 'baggage', 'tenant.id=acme', 'tracestate', 'a=1'],
    ],
    [
      'one is there in another case too',
      ['traceparent', TRACE, 'baggage', 'tenant.id=acme', 'Baggage', 'a=1'],
    ],
    ['the list holds bytes', [Buffer.from('traceparent'), TRACE, 'baggage', 'tenant.id=acme']],
  ])('are not when %s', (_why, list) => {
    expect(written().isIn(list)).toBe(false)
  })

  it('leave a header alone that was not decided about', () => {
    const headers = new WrittenHeaders()
    headers.record('traceparent', TRACE)

    expect(headers.isIn(['traceparent', TRACE, 'baggage', 'own=1'])).toBe(true)
    expect(headers.writtenBaggage).toBeUndefined()
  })

  it('of another format are looked up by name', () => {
    const headers = new WrittenHeaders()
    headers.record('X-B3-TraceId', 'abc')
    headers.record('Traceparent', undefined)

    const seen: [string, string | undefined][] = []
    headers.some((name, value) => {
      seen.push([name, value])
      return false
    })
    expect(seen).toEqual([
      ['traceparent', undefined],
      ['x-b3-traceid', 'abc'],
    ])
    expect(headers.isIn(['x-b3-traceid', 'abc'])).toBe(false)
    expect(headers.isEmpty).toBe(false)
    expect(new WrittenHeaders().isEmpty).toBe(true)
  })
})
