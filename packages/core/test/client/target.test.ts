import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTargetReader } from '../../src/client/target.ts'

const read = createTargetReader()

/** As a parser of URLs has it; `undefined` for what does not go over HTTP. */
function parsed(text: string): { href: string; host: string; port: number } | undefined {
  const url = parse(text)
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  return { href: url.href, host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

// Not with `URL.canParse`: once it is compiled, that of Node 20 says no to `http:orders\u00e9`.
function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

function shown(text: string): unknown {
  const target = read(text)
  return target && { href: target.href, host: target.origin.host, port: target.origin.port }
}

describe('where a call goes', () => {
  const part = fc.constantFrom(
    '/',
    '.',
    '..',
    '%2e',
    'a',
    'B7',
    '~',
    '@',
    ':',
    '?',
    '#',
    '\\',
    ' ',
    'é',
    '%41',
    ';',
    "'",
    '|',
  )
  const origin = fc.constantFrom(
    'http://orders',
    'http://orders:8080',
    'http://orders:80',
    'https://orders.example',
    'https://ORDERS.example',
    'http://[::1]:8080',
    'http://u:p@orders',
    'http:orders',
    'https:///orders',
    'data:text/plain,',
    '//orders',
  )

  it('is what a parser makes of its URL, whatever was kept of others before', () => {
    fc.assert(
      fc.property(origin, fc.array(part, { maxLength: 8 }), (start, parts) => {
        const text = `${start}${parts.join('')}`
        expect(shown(text)).toEqual(parsed(text))
        expect(shown(`${start}/`)).toEqual(parsed(`${start}/`))
      }),
      { numRuns: 3000 },
    )
  })

  it('is parsed for those who ask for a URL', () => {
    read('http://kept.example/')

    expect(read('http://kept.example/a/b')?.url.pathname).toBe('/a/b')
    expect(read('http://kept.example/a/../b')?.url.pathname).toBe('/b')
  })

  it('stays right when more origins come than are kept', () => {
    for (let host = 0; host < 200; host += 1) {
      expect(read(`http://host-${host}.example/x`)?.origin.host).toBe(`host-${host}.example`)
    }
    expect(read('http://host-0.example/y')?.origin.host).toBe('host-0.example')
  })
})
