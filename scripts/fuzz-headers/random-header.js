const HEX = '0123456789abcdef'
const SEPARATORS = [',', ',', ',', ' , ', ',\t', ',,', ';']
const ATOMS = [
  ...',;=% \t-"\\@0aFz',
  '%C3%A9',
  '%F0%9F%A6%8A',
  '%ED%A0%80',
  '%ff',
  '%0d%0a',
  '00-',
  'a=1',
  ' ; p = ',
  '__proto__=',
  '\r\n',
  '\0',
  '\u00a0',
  '\u00ff',
  '\u0100',
  '\ud800',
  '\u{1f98a}',
]

const shapes = [anyBytes, soup, soup, traceparent, traceparent, tracestate, tracestate, baggage]

/** A header that is legal, nearly legal or hostile; one in 2000 is many kilobytes long. */
export function randomHeader(random) {
  if (random.nat(2000) === 0) return giant(random)
  const header = random.pick([...shapes, baggage, percent])(random)
  return random.nat(2) === 0 ? header : edited(random, header)
}

function anyBytes(random) {
  return random.times(80, () => String.fromCharCode(random.nat(256))).join('')
}

function soup(random) {
  return random.times(40, () => random.pick(ATOMS)).join('')
}

function percent(random) {
  const sequence = () => `%${random.pick('0123456789abcdefCEF')}${random.pick(HEX)}`
  return random.times(16, () => (random.nat(8) === 0 ? random.pick(ATOMS) : sequence())).join('')
}

function traceparent(random) {
  const hex = (length) => letters(random, HEX, length)
  const ids = random.nat(10) === 0 ? ['0'.repeat(32), hex(16)] : [hex(32), hex(16)]
  const version = random.pick(['00', '00', '00', '01', 'cc', 'ff'])
  return [version, ...ids, hex(2), ...random.pick([[], [], ['x'], ['']])].join('-')
}

function tracestate(random) {
  const key = () => word(random, HEX, 1) + word(random, 'ab_-*/@9', 0)
  const value = () => `${word(random, 'xyz !~+', 0)}v`.repeat(random.pick([1, 1, 1, 20]))
  return list(random, 40, () => `${key()}=${value()}`)
}

function baggage(random) {
  const token = () => word(random, "tenant.id!#$%&'*+^_`|~09", 1)
  const value = () => word(random, 'acme%20/:=?[]{}~', 0)
  const space = () => random.pick(['', '', '', ' ', '\t '])
  const pair = () => `${token()}${space()}=${space()}${value()}`
  const property = () => `${space()};${space()}${random.nat(2) === 0 ? token() : pair()}`
  return list(random, 80, () => pair() + random.times(2, property).join(''))
}

// Few lists go beyond the limits, so that most of the time is not spent on them.
function list(random, beyondLimits, makeMember) {
  const most = random.nat(60) === 0 ? beyondLimits : 4
  const members = random.times(most, () => makeMember() + random.pick(SEPARATORS))
  return members.join('').slice(0, -1)
}

function word(random, characters, atLeast) {
  return letters(random, characters, atLeast + random.nat(10))
}

function letters(random, characters, length) {
  let text = ''
  while (text.length < length) text += random.pick(characters)
  return text
}

function giant(random) {
  const fill = random.pick([...ATOMS, baggage(random), tracestate(random), 'a', 'a=1,'])
  const times = Math.ceil(random.pick([512, 8191, 8192, 8193, 15_000]) / (fill.length || 1))
  return random.pick(['', 'a=', 'a=1,', 'a=1;']) + fill.repeat(times) + random.pick(['', ',b=2'])
}

function edited(random, header) {
  const position = random.nat(header.length + 1)
  const rest = header.slice(position + random.nat(2))
  return header.slice(0, position) + random.pick(['', ...ATOMS]) + rest
}
