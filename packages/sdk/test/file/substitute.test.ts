import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { resolvePlain, substitute } from '../../src/file/substitute.ts'

const VARIABLES = {
  STRING_VALUE: 'value',
  BOOL_VALUE: 'true',
  INT_VALUE: '1',
  FLOAT_VALUE: '1.1',
  HEX_VALUE: '0xdeadbeef',
  INVALID_MAP_VALUE: 'value\nkey:value',
  DO_NOT_REPLACE_ME: 'Never use this value',
  EMPTY: '',
}

/** The tests write `%` for a dollar before a brace. */
const dollars = (text: string): string => text.replaceAll('%{', '$\u007b')

describe('variables in a configuration file', () => {
  // The table of the specification, "Environment variable substitution".
  it.each<[string, unknown]>([
    ['%{STRING_VALUE}', 'value'],
    ['%{BOOL_VALUE}', true],
    ['%{INT_VALUE}', 1],
    ['%{FLOAT_VALUE}', 1.1],
    ['%{HEX_VALUE}', 3735928559],
    ['%{INVALID_MAP_VALUE}', 'value\nkey:value'],
    ['foo %{STRING_VALUE} %{FLOAT_VALUE}', 'foo value 1.1'],
    ['%{UNDEFINED_KEY}', null],
    ['%{EMPTY:-fallback}', 'fallback'],
    ['%{UNDEFINED_KEY:-fallback}', 'fallback'],
    ['%{UNDEFINED_KEY:-0}', 0],
    ['%{env:STRING_VALUE}', 'value'],
    ['%{UNDEFINED_KEY:-%{STRING_VALUE}}', '%{STRING_VALUE}'],
    ['$%{STRING_VALUE}', '%{STRING_VALUE}'],
    ['$$%{STRING_VALUE}', '$value'],
    ['$$$%{STRING_VALUE}', '$%{STRING_VALUE}'],
    ['$%{STRING_VALUE:-fallback}', '%{STRING_VALUE:-fallback}'],
    ['$%{STRING_VALUE:-%{STRING_VALUE}}', '%{STRING_VALUE:-value}'],
    ['%{UNDEFINED_KEY:-$%{UNDEFINED_KEY}}', '%{UNDEFINED_KEY:-%{UNDEFINED_KEY}}'],
    ['%{VALUE_BY:-a $$ b}', '%{VALUE_BY:-a $ b}'],
    ['a $$ b', 'a $ b'],
    ['a $ b', 'a $ b'],
  ])('%s is %j', (text, value) => {
    const expected = typeof value === 'string' ? dollars(value) : value
    expect(resolvePlain(substitute(dollars(text), VARIABLES))).toEqual(expected)
  })

  it.each(['%{STRING_VALUE:?error}', '%{1VALUE}', '%{}', '%{A B}'])('%s is refused', (text) => {
    expect(() => substitute(dollars(text), VARIABLES)).toThrow('is not allowed')
  })

  it.each([
    ...[
      '',
      '~',
      'null',
      'true',
      'False',
      '12',
      '-0.5',
      '1e3',
      '.5',
      '0o17',
      '0x1F',
      'text',
      '1.2.3',
    ],
    ...['no', '+1', '1_000', '0b1', 'Null'],
  ])('%j has the type that YAML gives it', (text) => {
    expect(resolvePlain(text)).toEqual(parse(text))
  })
})
