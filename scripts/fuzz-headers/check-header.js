import { isDeepStrictEqual } from 'node:util'
import {
  decodeBaggageValue,
  encodeBaggageValue,
  formatBaggage,
  parseBaggage,
} from '../../packages/core/dist/esm/w3c/baggage.js'
import {
  formatTraceparent,
  parseTraceparent,
} from '../../packages/core/dist/esm/w3c/traceparent.js'
import { formatTracestate, parseTracestate } from '../../packages/core/dist/esm/w3c/tracestate.js'
import {
  readBaggage,
  readPercentEncoded,
  readTraceparent,
  readTracestate,
  truncateTracestate,
} from './reference.js'

/** Reads one header with every codec, throws at the first broken promise, counts what was legal. */
export function checkHeader(header, counts) {
  checkTraceparent(header, counts)
  checkTracestate(header, counts)
  checkBaggage(header, counts)
  checkDecoding(header)
  checkEncoding(header)
}

function checkTraceparent(header, counts) {
  const parsed = parseTraceparent(header)
  same('traceparent', parsed, readTraceparent(header))
  if (parsed === undefined) return
  counts.traceparents++
  const written = formatTraceparent(parsed.traceId, parsed.spanId, parsed.traceFlags)
  same('traceparent, written and read', parseTraceparent(written), parsed)
}

function checkTracestate(header, counts) {
  const state = parseTracestate(header)
  const members = readTracestate(header)?.map((pair) => pair.join('='))
  same('tracestate', state?.serialize(), members?.join(','))
  if (state === undefined) return
  counts.tracestates++
  same('tracestate, written', formatTracestate(state) ?? '', truncateTracestate(members).join(','))
}

function checkBaggage(header, counts) {
  const { members, dropped } = parseBaggage(header)
  same('baggage', { members, dropped }, readBaggage(header))
  counts.members += members.length
  counts.dropped += dropped
  const texts = members.map((member) => member.text)
  same('baggage, written', formatBaggage(texts) ?? '', texts.join(','))
  for (const { encodedValue } of members) checkDecoding(encodedValue)
}

function checkDecoding(text) {
  const decoded = decodeBaggageValue(text)
  if (text.includes('%')) same('value, decoded', decoded, readPercentEncoded(text))
  else same('value without a percent sign, decoded', decoded, text)
}

function checkEncoding(text) {
  const encoded = encodeBaggageValue(text)
  same('value, encoded', /^[!#-+\--:<-[\]-~]*$/.test(encoded), true)
  same('value, encoded and decoded', decodeBaggageValue(encoded), text.toWellFormed())
}

function same(promise, actual, expected) {
  if (actual === expected || isDeepStrictEqual(actual, expected)) return
  const [was, should] = [actual, expected].map((value) => JSON.stringify(value)?.slice(0, 400))
  throw new Error(`${promise}: is ${was}, should be ${should}`)
}
