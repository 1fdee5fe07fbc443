import { describe, expect, it } from '@jest/globals'
import { percentDecode, percentEncode } from '../../src/w3c/percent-encoding.ts'

describe('percentDecode', () => {
  it.each([
    ['', ''],
    ['plain', 'plain'],
    ['a+b', 'a+b'],
    ['DF%2028', 'DF 28'],
    ['Am%C3%A9lie', 'Amélie'],
    ['Am%c3%a9lie', 'Amélie'],
    ['%F0%9F%A6%8A', '🦊'],
    ['%EF%BB%BFx', '\ufeffx'],
    ['%00%0d%0A', '\0\r\n'],
    ['%2525', '%25'],
    ['é%20é', 'é é'],
  ])('decodes %j as %j', (encoded, text) => {
    expect(percentDecode(encoded)).toBe(text)
  })

  it.each([
    ['%FF', '\ufffd'],
    ['100%', '100\ufffd'],
    ['%4', '\ufffd4'],
    ['%zz%41', '\ufffdzzA'],
    ['%%41', '\ufffdA'],
    ['% 41', '\ufffd 41'],
    ['%C3', '\ufffd'],
    ['%C3x', '\ufffdx'],
    ['%C3%', '\ufffd\ufffd'],
    ['%E2%82', '\ufffd'],
    ['%E2%82%E2%82%AC', '\ufffd€'],
    ['%F0%9F%A6x', '\ufffdx'],
    ['%C0%AF', '\ufffd\ufffd'],
    ['%E0%80%80', '\ufffd\ufffd\ufffd'],
    ['%ED%A0%80', '\ufffd\ufffd\ufffd'],
    ['%F5%80', '\ufffd\ufffd'],
    ['%80%80', '\ufffd\ufffd'],
    ['%41\ud800', 'A\ufffd'],
  ])('replaces in %j what is not UTF-8', (encoded, text) => {
    expect(percentDecode(encoded)).toBe(text)
  })
})

describe('percentEncode', () => {
  it.each([
    ['', ''],
    ['plain-value_1.0~', 'plain-value_1.0~'],
    ["!#$&'()*+-./:<=>?@[]^_`{|}~", "!#$&'()*+-./:<=>?@[]^_`{|}~"],
    ['%', '%25'],
    ['DF 28', 'DF%2028'],
    ['a,b;c\\d"e', 'a%2Cb%3Bc%5Cd%22e'],
    ['Amélie', 'Am%C3%A9lie'],
    ['🦊', '%F0%9F%A6%8A'],
    ['\r\n\0\x7f\t', '%0D%0A%00%7F%09'],
    ['\ud800', '%EF%BF%BD'],
    ['a\udc00b', 'a%EF%BF%BDb'],
  ])('encodes %j as %j', (value, encoded) => {
    expect(percentEncode(value)).toBe(encoded)
  })
})
