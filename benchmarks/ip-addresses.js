// What it costs to tell internal addresses from others: core's own function, and Node's BlockList
// with the same ranges. CPU nanoseconds a call; the turns alternate, and the middle one counts.
//
//   npm run build && node benchmarks/ip-addresses.js
import { BlockList, isIP } from 'node:net'
import { isInternalAddress } from '../packages/core/dist/esm/trust/ip-address.js'

const TURNS = 9
const CALLS = 200_000
const RANGES = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'],
  ...['100.64.0.0/10', '::1/128', 'fe80::/10', 'fc00::/7'],
]
const ADDRESSES = {
  'a private IPv4 address': '10.1.2.3',
  'a public IPv4 address': '203.0.113.9',
  'an IPv4-mapped IPv6 address': '::ffff:10.1.2.3',
  'a unique local IPv6 address': 'fd12:3456:789a::1',
  'a public IPv6 address': '2001:db8::1',
}

const list = new BlockList()
for (const range of RANGES) {
  const [network, bits] = range.split('/')
  list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4')
}

function isListed(address) {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

function nanoseconds(isInternal, address) {
  let found = 0
  const start = process.cpuUsage()
  for (let call = 0; call < CALLS; call += 1) if (isInternal(address)) found += 1
  const { user, system } = process.cpuUsage(start)
  if (found !== 0 && found !== CALLS) throw new Error(`${address} is now internal, now not`)
  return ((user + system) * 1000) / CALLS
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

for (const [name, address] of Object.entries(ADDRESSES)) {
  if (isInternalAddress(address) !== isListed(address)) console.log(`${address}: they do not agree`)
  const [own, listed] = [[], []]
  for (let turn = 0; turn < TURNS; turn += 1) {
    own.push(nanoseconds(isInternalAddress, address))
    listed.push(nanoseconds(isListed, address))
  }
  console.log(
    `${name}: own ${median(own).toFixed(0)} ns, BlockList ${median(listed).toFixed(0)} ns`,
  )
}
