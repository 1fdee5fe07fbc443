import { parseArgs } from 'node:util'
import { variants as callers } from '../outbound/cells.js'
import { sections } from '../sections/index.js'
import { variants as servers } from '../server/cells.js'
import { docsPage } from './page.js'

const quick = { rounds: '1', turns: '2', requests: '200', warmup: '200' }
const full = { rounds: '3', turns: '8', requests: '500', warmup: '2500' }
const variants = { ...callers, ...servers }

/** What to run, from the command line; throws on an option or a name that does not exist. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: Object.keys(sections).join() },
      subjects: { type: 'string' },
      variants: { type: 'string' },
      peers: { type: 'string', default: '' },
      rounds: { type: 'string' },
      turns: { type: 'string' },
      requests: { type: 'string' },
      warmup: { type: 'string' },
      connections: { type: 'string', default: '20' },
      node: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      page: { type: 'string' },
      'cpu-prof': { type: 'string' },
    },
  })
  const sizes = { ...(values.quick ? quick : full), ...values }
  const number = (name) => positive(name, sizes[name])
  return {
    sections: known('only', values.only, sections),
    subjects: new Set(known('subjects', values.subjects, subjectsOf(sections))),
    variants: chosenVariants(values),
    rounds: number('rounds'),
    turns: number('turns'),
    requests: number('requests'),
    warmup: number('warmup'),
    connections: number('connections'),
    node: values.node,
    quick: values.quick,
    json: values.json,
    page: values.page ?? (isWhole(values) ? docsPage : undefined),
    cpuProfile: values['cpu-prof'],
  }
}

const subjectsOf = (table) =>
  Object.assign({}, ...Object.values(table).map(({ subjects }) => subjects))

// The published page shows whole sections, measured long enough.
const isWhole = (values) =>
  !values.quick && !values['cpu-prof'] && !values.subjects && !values.variants && !values.node

// Without a process that does not trace there is nothing to compare with, so it is always in.
function chosenVariants({ variants: list, peers }) {
  const all = Object.keys(variants)
  const peerNames = all.filter((name) => variants[name].peer)
  const asked = peers === 'all' ? peerNames : known('peers', peers, variants)
  const named = list === undefined ? all.filter((name) => !variants[name].peer) : undefined
  return new Set(['none', ...(named ?? known('variants', list, variants)), ...asked])
}

// Each name of the list, which must be in the table; without a list, all.
function known(option, list, table) {
  if (list === undefined) return Object.keys(table)
  const names = list.split(',').filter((name) => name !== '')
  const unknown = names.filter((name) => !Object.hasOwn(table, name))
  if (unknown.length === 0) return names
  throw new Error(`--${option}: ${unknown} is not one of ${Object.keys(table).join(', ')}`)
}

function positive(option, text) {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`--${option}: ${text} is not a whole number above zero`)
}
