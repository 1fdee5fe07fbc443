import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { frameworks, variants } from './variants.js'

const docsPage = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))
const quick = { rounds: '1', turns: '2', requests: '200', warmup: '200' }
const full = { rounds: '3', turns: '8', requests: '1000', warmup: '4000' }

/** What to run, from the command line; throws on an option or a name that does not exist. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      frameworks: { type: 'string' },
      variants: { type: 'string' },
      peers: { type: 'string', default: '' },
      rounds: { type: 'string' },
      turns: { type: 'string' },
      requests: { type: 'string' },
      warmup: { type: 'string' },
      connections: { type: 'string', default: '20' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      page: { type: 'string' },
      'cpu-prof': { type: 'string' },
    },
  })
  const sizes = { ...(values.quick ? quick : full), ...values }
  const number = (name) => positive(name, sizes[name])
  return {
    frameworks: known(
      'frameworks',
      values.frameworks ?? Object.keys(frameworks).join(),
      frameworks,
    ),
    variants: chosenVariants(values),
    rounds: number('rounds'),
    turns: number('turns'),
    requests: number('requests'),
    warmup: number('warmup'),
    connections: number('connections'),
    json: values.json,
    page: values.page ?? (isWhole(values) ? docsPage : undefined),
    cpuProfile: values['cpu-prof'],
  }
}

// The published page shows everything, measured long enough.
const isWhole = (values) =>
  !values.quick && !values['cpu-prof'] && !values.frameworks && !values.variants

// Without a server that does not trace there is nothing to compare with, so it is always in.
function chosenVariants({ variants: list, peers }) {
  const all = Object.keys(variants)
  const peerNames = all.filter((name) => variants[name].peer)
  const defaults = all.filter((name) => !variants[name].peer)
  const asked = peers === 'all' ? peerNames : known('peers', peers, variants)
  const named = list === undefined ? defaults : known('variants', list, variants)
  const chosen = new Set(['none', ...named, ...asked])
  return all.filter((name) => chosen.has(name))
}

function known(option, list, table) {
  const names = list.split(',').filter((name) => name !== '')
  const unknown = names.filter((name) => !Object.hasOwn(table, name))
  if (unknown.length === 0) return names
  throw new Error(`--${option}: ${unknown} is none of ${Object.keys(table)}`)
}

function positive(option, text) {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`--${option}: ${text} is not a whole number above zero`)
}
