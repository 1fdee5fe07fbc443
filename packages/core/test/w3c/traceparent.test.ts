import { describe, expect, it } from '@jest/globals'
import {
  FLAG_RANDOM,
  FLAG_SAMPLED,
  formatTraceparent,
  parseTraceparent,
} from '../../src/w3c/traceparent.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const IDS = `${TRACE}-${SPAN}`

describe('parseTraceparent', () => {
  it('reads the ids and the flags of a remote span', () => {
    expect(parseTraceparent(`00-${IDS}-01`)).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      traceFlags: FLAG_SAMPLED,
      isRemote: true,
    })
  })

  it.each([
    ['00', 0],
    ['01', FLAG_SAMPLED],
    ['02', FLAG_RANDOM],
    ['03', FLAG_SAMPLED | FLAG_RANDOM],
    ['05', FLAG_SAMPLED],
    ['10', 0],
    ['fc', 0],
    ['ff', FLAG_SAMPLED | FLAG_RANDOM],
  ])('keeps of the flags %s sampled and random alone', (flags, kept) => {
    expect(parseTraceparent(`00-${IDS}-${flags}`)?.traceFlags).toBe(kept)
  })

  it.each([' ', '\t', ' \t  '])('strips spaces and tabs around the value', (space) => {
    expect(parseTraceparent(`${space}00-${IDS}-01${space}`)?.traceId).toBe(TRACE)
  })

  it.each([
    ['without a tail', `cc-${IDS}-01`],
    ['with a tail', `cc-${IDS}-01-what-the-future-will-be-like`],
    ['with an empty tail', `01-${IDS}-01-`],
  ])('reads a later version %s', (_, header) => {
    expect(parseTraceparent(header)).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1 })
  })

  it.each(['03', '0b', 'ff'])('of a later version keeps of %s the sampled flag alone', (flags) => {
    expect(parseTraceparent(`cc-${IDS}-${flags}-x`)?.traceFlags).toBe(FLAG_SAMPLED)
  })

  it.each([
    ['nothing', ''],
    ['whitespace alone', ' \t '],
    ['version ff', `ff-${IDS}-01`],
    ['version ff with a tail', `ff-${IDS}-01-x`],
    ['an illegal version', `.0-${IDS}-01`],
    ['an upper-case version', `CC-${IDS}-01`],
    ['a version too long', `000-${IDS}-01`],
    ['a version too short', `0-${IDS}-01`],
    ['no version', `${IDS}-01`],
    ['an all-zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['an all-zero span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['an upper-case trace id', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['an upper-case span id', `00-${TRACE}-${SPAN.toUpperCase()}-01`],
    ['an illegal trace id', `00-.${TRACE.slice(1)}-${SPAN}-01`],
    ['an illegal span id', `00-${TRACE}-${SPAN.slice(1)}.-01`],
    ['a trace id too long', `00-${TRACE}0-${SPAN}-01`],
    ['a trace id too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a span id too long', `00-${TRACE}-${SPAN}0-01`],
    ['a span id too short', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['illegal flags', `00-${IDS}-.0`],
    ['upper-case flags', `00-${IDS}-0A`],
    ['flags too long', `00-${IDS}-001`],
    ['flags too short', `00-${IDS}-1`],
    ['no flags', `00-${IDS}`],
    ['version 00 with a tail', `00-${IDS}-01-what-the-future-will-be-like`],
    ['version 00 with a dot', `00-${IDS}-01.`],
    ['a later version with a dot', `cc-${IDS}-01.what-the-future-will-be-like`],
    ['a later version with longer flags', `cc-${IDS}-010`],
    ['a later version cut off', `cc-${IDS}-0`],
    ['other separators', `00_${TRACE}_${SPAN}_01`],
    ['two lines joined', `00-${IDS}-01, 00-${IDS}-01`],
    ['a no-break space around it', `\u00a000-${IDS}-01\u00a0`],
    ['line breaks around it', `\n00-${IDS}-01\r\n`],
    ['full-width digits', `\uff10\uff10-${IDS}-01`],
  ])('ignores %s', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined()
  })
})

describe('formatTraceparent', () => {
  it.each([
    [0, '00'],
    [FLAG_SAMPLED, '01'],
    [FLAG_RANDOM, '02'],
    [FLAG_SAMPLED | FLAG_RANDOM, '03'],
    [0xff, '03'],
    [0x10, '00'],
    [0x101, '01'],
    [-1, '03'],
    [Number.NaN, '00'],
  ])('writes the flags %s as %s', (flags, written) => {
    expect(formatTraceparent(TRACE, SPAN, flags)).toBe(`00-${IDS}-${written}`)
  })
})
