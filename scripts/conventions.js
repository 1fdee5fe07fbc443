// Writes down which attributes OpenTelemetry's semantic conventions name, and of which type they are, for
// the test that holds our spans to them: `node scripts/conventions.js FOLDER VERSION`, where FOLDER is a
// working copy of open-telemetry/semantic-conventions at VERSION, as 1.44.0.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from './packages.js'

/** The first words of the attributes that we write. */
const NAMESPACES = [
  ...['http', 'url', 'server', 'client', 'network', 'user_agent', 'error', 'exception'],
  ...['db', 'messaging', 'rpc', 'graphql', 'user', 'code', 'thread', 'log', 'otel'],
  ...['service', 'telemetry', 'host', 'process'],
]

const [folder, version] = process.argv.slice(2)
if (folder === undefined || !/^\d+\.\d+\.\d+$/.test(version ?? '')) {
  console.error('Usage: conventions.js FOLDER VERSION')
  process.exit(2)
}

const attributes = filesIn(join(folder, 'model'))
  .flatMap((file) => attributesIn(parse(readFileSync(file, 'utf8')) ?? {}))
  .filter(({ name }) => NAMESPACES.includes(name.split('.')[0]))
  .toSorted((one, other) => (one.name < other.name ? -1 : 1))
const of = (isDeprecated) => attributes.filter((each) => each.isDeprecated === isDeprecated)
const table = {
  version,
  attributes: Object.fromEntries(of(false).map(({ name, type }) => [name, type])),
  deprecated: [...new Set(of(true).map(({ name }) => name))],
}
// A name that stands among both is in use: an older form of it is not.
table.deprecated = table.deprecated.filter((name) => table.attributes[name] === undefined)
const path = join(root, 'test/conventions/attributes.json')
writeFileSync(path, `${JSON.stringify(table, undefined, 2)}\n`)

function filesIn(of) {
  return readdirSync(of, { recursive: true })
    .filter((name) => /registry[^/]*\.yaml$/.test(name))
    .map((name) => join(of, name))
}

/** The attributes of one file, in either of the two forms that there are. */
function attributesIn({ groups = [], attributes = [] }) {
  return [...groups.flatMap((group) => group.attributes ?? []), ...attributes].flatMap((each) => {
    const name = each.id ?? each.key
    if (name === undefined || each.type === undefined) return []
    return { name, type: typeOf(each.type), isDeprecated: each.deprecated !== undefined }
  })
}

/** `string`, `int[]`, `template[string]` …; of an enumeration what its members are. */
function typeOf(type) {
  if (typeof type === 'string') return type
  const [first] = type.members
  if (typeof first.value === 'number') return 'int'
  return typeof first.value === 'boolean' ? 'boolean' : 'string'
}
