import { describe, expect, it } from '@jest/globals'
import type { TraceState } from '@opentelemetry/api'
import { createTracestate, formatTracestate, parseTracestate } from '../../src/w3c/tracestate.ts'

const list = (count: number): string =>
  Array.from({ length: count }, (_, i) => `k${i}=${i}`).join(',')

const foreign = (text: string): TraceState => ({
  ...createTracestate(),
  serialize: () => text,
})

describe('parseTracestate', () => {
  it('reads the members in order', () => {
    const state = parseTracestate('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE')
    expect(state?.get('rojo')).toBe('00f067aa0ba902b7')
    expect(state?.get('congo')).toBe('t61rcWkgMzE')
    expect(state?.get('other')).toBeUndefined()
    expect(state?.serialize()).toBe('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE')
  })

  it.each([
    ['foo=1 \t , \t bar=2, \t baz=3', 'foo=1,bar=2,baz=3'],
    ['\t foo=1 \t', 'foo=1'],
    ['foo=1,', 'foo=1'],
    [',foo=1, \t,,bar=2', 'foo=1,bar=2'],
    ['foo=  1', 'foo=  1'],
    ['foo=a b', 'foo=a b'],
  ])('reads %j as %j', (header, text) => {
    expect(parseTracestate(header)?.serialize()).toBe(text)
  })

  it.each(['0abc', 'foo@', 'a@b@c', `t@${'v'.repeat(15)}`, 'a_-*/', 'z'.repeat(256)])(
    'accepts the key %s',
    (key) => {
      expect(parseTracestate(`${key}=1`)?.get(key)).toBe('1')
    },
  )

  it('accepts every printable character but comma and equals sign in a value', () => {
    const printable = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i))
    const value = printable.filter((character) => !',='.includes(character)).join('')
    expect(parseTracestate(`foo=${value}`)?.get('foo')).toBe(value)
  })

  it('keeps the left-most of members with one key, which is the newest', () => {
    expect(parseTracestate('foo=1,bar=2,foo=3')?.serialize()).toBe('foo=1,bar=2')
  })

  it('accepts 32 members and values of 256 characters', () => {
    expect(parseTracestate(list(32))?.serialize()).toBe(list(32))
    expect(parseTracestate(`foo=${'v'.repeat(256)}`)?.get('foo')).toBe('v'.repeat(256))
  })

  it.each([
    ['nothing', ''],
    ['whitespace alone', ' \t '],
    ['empty members alone', ' , ,\t,'],
    ['33 members', list(33)],
    ['33 members, one of them empty', `${list(32)},`],
    ['33 members with one key', Array.from({ length: 33 }, () => 'a=1').join(',')],
    ['a key of 257 characters', `${'z'.repeat(257)}=1`],
    ['a value of 257 characters', `foo=${'v'.repeat(257)}`],
    ['an upper-case key', 'FOO=1'],
    ['a key with a dot', 'foo.bar=1'],
    ['a key with a space', 'foo =1'],
    ['a key that begins with @', '@foo=1'],
    ['a key that begins with _', '_foo=1'],
    ['no key', '=1'],
    ['no equals sign', 'foo'],
    ['no value', 'foo='],
    ['a value of spaces', 'foo=  '],
    ['a value with an equals sign', 'foo=bar=baz'],
    ['a value with a tab', 'foo=a\tb'],
    ['a value outside of ASCII', 'foo=\u00e9'],
    ['a no-break space around a member', '\u00a0foo=1'],
    ['a line break', 'foo=1\r\nbar=2'],
  ])('discards %s', (_, header) => {
    expect(parseTracestate(header)).toBeUndefined()
    expect(parseTracestate(`${header},bar=3`)?.get('foo')).toBeUndefined()
  })

  it('discards the whole list when one member is illegal', () => {
    expect(parseTracestate('foo=1,BAR=2,baz=3')).toBeUndefined()
  })
})

describe('a tracestate', () => {
  it('takes new members at the left', () => {
    const state = createTracestate().set('foo', '1').set('bar', '2')
    expect(state.serialize()).toBe('bar=2,foo=1')
  })

  it('moves a changed member to the left and leaves the others in order', () => {
    const state = parseTracestate('foo=1,bar=2,baz=3')?.set('baz', '4')
    expect(state?.serialize()).toBe('baz=4,foo=1,bar=2')
  })

  it('drops the right-most member for a new one when 32 are in', () => {
    const state = parseTracestate(list(32))?.set('ours', '1')
    expect(state?.serialize()).toBe(`ours=1,${list(31)}`)
  })

  it('drops none when a full list changes a member', () => {
    const state = parseTracestate(list(32))?.set('k31', 'x')
    expect(state?.serialize()).toBe(`k31=x,${list(31)}`)
  })

  it('takes a member out', () => {
    expect(parseTracestate('foo=1,bar=2')?.unset('foo').unset('none').serialize()).toBe('bar=2')
  })

  it('never changes', () => {
    const state = createTracestate()
    state.set('foo', '1')
    state.set('foo', '1').unset('foo')
    expect(state.serialize()).toBe('')
  })

  it.each([
    ['', '1'],
    ['FOO', '1'],
    ['foo=', '1'],
    ['z'.repeat(257), '1'],
    ['foo', ''],
    ['foo', 'a,b'],
    ['foo', 'a '],
    ['foo', 'v'.repeat(257)],
    ['foo', 'a\r\nb'],
  ])('ignores the illegal member %j = %j', (key, value) => {
    expect(createTracestate().set('a', '1').set(key, value).serialize()).toBe('a=1')
  })

  it('has only its own members', () => {
    expect(parseTracestate('foo=1')?.get('__proto__')).toBeUndefined()
    expect(parseTracestate('constructor=1')?.get('constructor')).toBe('1')
  })
})

describe('formatTracestate', () => {
  it('writes the members', () => {
    expect(formatTracestate(createTracestate().set('foo', '1').set('bar', '2'))).toBe('bar=2,foo=1')
  })

  it('sends no empty header', () => {
    expect(formatTracestate(createTracestate())).toBeUndefined()
    expect(formatTracestate(foreign(''))).toBeUndefined()
    expect(formatTracestate(foreign(' , ,'))).toBeUndefined()
  })

  it('leaves a list of 512 characters whole, whatever its members', () => {
    const full = `a=${'x'.repeat(200)},b=${'y'.repeat(256)},c=${'z'.repeat(48)}`
    expect(full).toHaveLength(512)
    expect(formatTracestate(foreign(full))).toBe(full)
  })

  it('over 512 characters first drops members of more than 128, from the right', () => {
    const long = `b=${'x'.repeat(200)}`
    const exactly128 = `c=${'y'.repeat(126)}`
    const text = `a=1,${long},d=${'z'.repeat(150)},${exactly128},e=${'w'.repeat(60)}`
    expect(formatTracestate(foreign(text))).toBe(`a=1,${long},${exactly128},e=${'w'.repeat(60)}`)
  })

  it('then drops members from the right until the rest fits', () => {
    const members = ['a', 'b', 'c', 'd', 'e'].map((key) => `${key}=${'x'.repeat(126)}`)
    const text = [`long=${'y'.repeat(200)}`, ...members].join(',')
    expect(formatTracestate(foreign(text))).toBe(members.slice(0, 3).join(','))
  })

  it('sends nothing when the only member is too long', () => {
    const state = createTracestate().set('k'.repeat(256), 'v'.repeat(256))
    expect(formatTracestate(state)).toBeUndefined()
  })

  it('sends the first 32 members of a longer list of another implementation', () => {
    expect(formatTracestate(foreign(list(40)))).toBe(list(32))
  })

  it('sends nothing of a list of another implementation that is illegal', () => {
    expect(formatTracestate(foreign('foo=1\r\nx-injected: 1'))).toBeUndefined()
  })
})
