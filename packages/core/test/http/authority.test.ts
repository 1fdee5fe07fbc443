import { describe, expect, it } from '@jest/globals'
import { parseAuthority } from '../../src/http/authority.ts'

describe('parseAuthority', () => {
  it.each<[text: string, host: string, port: number | undefined]>([
    ['a.example', 'a.example', undefined],
    ['a.example:8080', 'a.example', 8080],
    ['a.example:', 'a.example', undefined],
    ['a.example:0', 'a.example', 0],
    ['a.example:65535', 'a.example', 65535],
    ['a.example.', 'a.example.', undefined],
    ['A.Example:443', 'A.Example', 443],
    ['my_service:3000', 'my_service', 3000],
    ['xn--mnchen-3ya.example', 'xn--mnchen-3ya.example', undefined],
    ['127.0.0.1:80', '127.0.0.1', 80],
    ['[::1]', '::1', undefined],
    ['[::1]:8080', '::1', 8080],
    ['[2001:db8::1]:', '2001:db8::1', undefined],
    ['[::ffff:127.0.0.1]:1', '::ffff:127.0.0.1', 1],
    ['a.example, b.internal', 'a.example', undefined],
    ['a.example:8080,b.internal:9090', 'a.example', 8080],
    [' a.example ', 'a.example', undefined],
    ['[::1]:80, b.internal', '::1', 80],
  ])('reads %j', (text, host, port) => {
    expect(parseAuthority(text)).toEqual({ host, port })
  })

  it.each([
    undefined,
    '',
    ' ',
    ',',
    ', b.internal',
    ':8080',
    'a.example:http',
    'a.example:80x',
    'a.example:-1',
    'a.example: 80',
    'a.example:65536',
    'a.example:000080',
    'a.example:80:80',
    '::1',
    '2001:db8::1',
    '[::1',
    '[]',
    '[',
    ']',
    '[::1]x',
    '[::1]8080',
    '[a.example]',
    '[10.0.0.1]',
    '[::1]]',
    'user@a.example',
    'user:secret@a.example',
    'http://a.example',
    'a.example/path',
    'a.example?x',
    'a.example#x',
    'a b',
    'a\tb',
    'a\u0000b',
    'a\r\nb',
    '<script>',
    'a"b',
    'a\\b',
    'münchen.example',
    'a。example',
    'a'.repeat(255),
    `${'a'.repeat(100_000)}:80`,
    `a:${'1'.repeat(100_000)}`,
  ])('knows no host in %j', (text) => {
    expect(parseAuthority(text)).toBeUndefined()
  })
})
