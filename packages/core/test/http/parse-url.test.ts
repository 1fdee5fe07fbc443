import { describe, expect, it } from '@jest/globals'
import { parseUrl } from '../../src/http/parse-url.ts'

describe('parseUrl', () => {
  it('takes every URL, however often it is asked, and nothing else', () => {
    // URL.canParse() of Node 20 fails here after some ten thousand calls.
    for (let call = 0; call < 50_000; call++)
      if (parseUrl(`http://caf\u00e9/${call}`) === undefined) throw new Error(`call ${call}`)
    expect(parseUrl('/a', 'http://b')?.href).toBe('http://b/a')
    expect(parseUrl('/a')).toBeUndefined()
  })
})
