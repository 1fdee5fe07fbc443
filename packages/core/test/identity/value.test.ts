import { describe, expect, it } from '@jest/globals'
import type { IdentityDefinition } from '../../src/identity/definition.ts'
import { rejectionReason } from '../../src/identity/value.ts'

const FIELD = { maxBytes: 256, pattern: undefined } as IdentityDefinition

describe('a value of identity', () => {
  it.each([
    ['a null', '\u0000'],
    ['a line feed', '\n'],
    ['an escape', '\u001b'],
    ['a delete', '\u007f'],
    ['a C1 control', '\u009b'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
  ])('is refused with %s', (_name, character) => {
    expect(rejectionReason(FIELD, `ac${character}me`)).toBe('control-character')
  })

  it.each([
    ['a right-to-left override', '\u202e'],
    ['a left-to-right embedding', '\u202a'],
    ['a first strong isolate', '\u2068'],
    ['a pop of an isolate', '\u2069'],
    ['a right-to-left mark', '\u200f'],
    ['an Arabic letter mark', '\u061c'],
    ['a zero-width space', '\u200b'],
    ['a zero-width joiner', '\u200d'],
    ['a zero-width non-joiner', '\u200c'],
    ['a word joiner', '\u2060'],
    ['a byte order mark', '\ufeff'],
    ['a soft hyphen', '\u00ad'],
    ['an invisible separator', '\u2063'],
    ['a combining grapheme joiner', '\u034f'],
    ['a Hangul filler', '\u3164'],
    ['a variation selector', '\ufe0f'],
    ['an ideographic variation selector', '\u{e0100}'],
    ['an interlinear annotation', '\ufff9'],
    ['a tag', '\u{e0061}'],
    ['a blank of Braille', '\u2800'],
    ['a noncharacter', '\uffff'],
  ])('is refused with %s', (_name, character) => {
    expect(rejectionReason(FIELD, `ac${character}me`)).toBe('format-character')
    expect(rejectionReason(FIELD, character)).toBe('format-character')
    expect(rejectionReason(FIELD, `${character}acme`)).toBe('format-character')
    expect(rejectionReason(FIELD, `acme${character}`)).toBe('format-character')
  })

  it.each([
    'acme',
    'Zoë & Söhne GmbH',
    'ООО «Ромашка»',
    'ש.ל.ם',
    'شركة',
    'می\u200cخواهم',
    'क्\u200dष',
    '株式会社',
    '葛\u{e0100}城',
    '👩\u200d💻 works',
    '❤\ufe0f\u200d🔥',
    '👨🏽\u200d🚀',
    '🏳\ufe0f\u200d🌈',
    '1\ufe0f\u20e3',
    'a b',
    'a\u00a0b',
  ])('may be %p', (value) => {
    expect(rejectionReason(FIELD, value)).toBeUndefined()
  })

  it.each([
    '👩\u200d',
    '\u200d👩',
    '👩\u200dacme',
    'خ\u200c',
    'me\u200c\u200dخ',
    '👩\u200d\u200d💻',
  ])('is refused where a joiner joins nothing: %p', (value) => {
    expect(rejectionReason(FIELD, value)).toBe('format-character')
  })
})
