// What of the shop's chains arrives where its services keep one trace in a hundred? Runs the shop with
// each scheme, sends it the same orders, and prints what part of the chains that failed, or were slow,
// has every part from the gateway to the statement ("path") and every span ("whole"), what part of all
// spans was sent, and what memory the services took.
//
//   npm run build && node scripts/shop-share.js [--orders 1000]
import { parseArgs } from 'node:util'
import { runScheme } from './shop-share/run-scheme.js'

const { values } = parseArgs({ options: { orders: { type: 'string', default: '1000' } } })
const orders = Number(values.orders)

const keep = { share: 0.01, slowerThan: '1s' }
const schemes = {
  'every trace': undefined,
  'a share alone': { share: 0.01, failed: false, slowerThan: false },
  'keep, remember: 0': { ...keep, remember: 0 },
  "keep, remember: '10s'": { ...keep, remember: '10s' },
}

const rows = []
let every
for (const [name, settings] of Object.entries(schemes)) {
  const result = await runScheme(settings, orders)
  every ??= result
  rows.push({
    name,
    ...partsOf(result, every),
    'spans sent': percent(result.spans / every.spans),
    'MB of memory a service': result.megabytes.toFixed(0),
  })
}
console.log(`${orders} orders`)
console.table(rows)

/** Of the chains of each kind, those that have all that they have where every trace is kept. */
function partsOf(result, whole) {
  const shares = ['failed', 'slow'].map((kind) => {
    const chains = result.chains.get(kind)
    const [{ path: steps }] = whole.chains.get(kind)
    const spans = Math.min(...whole.chains.get(kind).map((chain) => chain.spans))
    const path = chains.filter((chain) => steps.every((each) => chain.path.includes(each)))
    const all = chains.filter((chain) => chain.spans >= spans)
    return { [`${kind}: path`]: share(path, chains), [`${kind}: whole`]: share(all, chains) }
  })
  return Object.assign({}, ...shares)
}

function share(some, all) {
  return `${some.length} of ${all.length}`
}

function percent(part) {
  return `${(part * 100).toFixed(1)} %`
}
