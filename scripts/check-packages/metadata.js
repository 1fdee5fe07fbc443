import { existsSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { root } from '../packages.js'

/** The viewer has a build of its own; each other package is bundled as it is packed. */
const PACKING = {
  viewer: { prepack: 'node ../../scripts/set-up.cjs --build' },
}
const BUNDLING = {
  prepack: 'node ../../scripts/bundle-package.js',
  postpack: 'node ../../scripts/bundle-package.js --undo',
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

/** The faults in how the packages describe themselves, one sentence each. */
export function checkMetadata(packages) {
  const main = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  const license = readFileSync(`${root}/LICENSE`, 'utf8')
  return packages.flatMap((each) => [
    ...fieldFaults(each, main),
    ...dependencyFaults(each, main),
    ...exportFaults(each),
    ...fileFaults(each, license),
  ])
}

/** The fields that every package states in the same way. */
function fieldFaults({ name, manifest }, main) {
  const repository = {
    type: 'git',
    url: 'git+https://github.com/callchain/callchain.git',
    directory: `packages/${name}`,
  }
  const expected = {
    name: `@callchain/${name}`,
    version: main.version,
    license: main.license,
    engines: main.engines,
    type: 'module',
    repository,
  }
  const faults = Object.entries(expected)
    .filter(([key, value]) => !isDeepStrictEqual(manifest[key], value))
    .map(([key, value]) => `packages/${name}/package.json: ${key} is not ${JSON.stringify(value)}`)
  const say = (fault) => faults.push(`packages/${name}/package.json: ${fault}`)
  if (!/^[A-Z].*\.$/.test(manifest.description ?? '')) say('description is not a sentence')
  const keywords = manifest.keywords ?? []
  for (const word of ['tracing', 'opentelemetry', 'distributed-tracing'])
    if (!keywords.includes(word)) say(`keywords lack "${word}"`)
  // The viewer, which promises to weigh less than a megabyte, ships its page and one copy of its code.
  const wanted =
    name === 'viewer'
      ? ['index.js', 'index.d.ts', 'dist/cjs', 'dist/page']
      : ['dist', '!dist/**/*.tsbuildinfo']
  for (const pattern of wanted)
    if (!manifest.files?.includes(pattern)) say(`files lack "${pattern}"`)
  if (manifest.sideEffects === undefined) say('sideEffects is not stated')
  return [...faults, ...scriptFaults({ name, manifest })]
}

/** What npm runs as it packs a package, and what it must not run where one is installed. */
function scriptFaults({ name, manifest }) {
  const faults = []
  const say = (fault) => faults.push(`packages/${name}/package.json: ${fault}`)
  for (const [script, command] of Object.entries(PACKING[name] ?? BUNDLING))
    if (manifest.scripts?.[script] !== command)
      say(
        `the script "${script}" is not "${command}": the package could be packed without its code`,
      )
  for (const script of ['preinstall', 'install', 'postinstall'])
    if (manifest.scripts?.[script])
      say(`the script "${script}" would run when a user installs the package`)
  return faults
}

/** Our packages depend on each other by exact version and peer on one OpenTelemetry API. */
function dependencyFaults({ name, manifest }, main) {
  const faults = []
  for (const kind of [
    'dependencies',
    'devDependencies',
    'peerDependencies',
    'optionalDependencies',
  ])
    for (const [dependency, range] of Object.entries(manifest[kind] ?? {}))
      if (dependency.startsWith('@callchain/') && range !== main.version)
        faults.push(
          `packages/${name}/package.json: ${kind} ask for ${dependency} ${range}, not ${main.version}`,
        )
  const api = manifest.peerDependencies?.['@opentelemetry/api']
  if (name !== 'viewer' && api !== '^1.9.0')
    faults.push(`packages/${name}/package.json: peers on @opentelemetry/api ${api}, not ^1.9.0`)
  return faults
}

/** Tools read the manifest by this; what else is wrong with `exports`, publint and attw say in pack-check.js. */
function exportFaults({ name, manifest }) {
  const faults =
    manifest.exports['./package.json'] === './package.json'
      ? []
      : [`packages/${name}/package.json: exports lack "./package.json"`]
  return [...faults, ...olderTypesFaults({ name, manifest })]
}

/** TypeScript with `moduleResolution: node` reads no `exports`: each subpath needs its place in `typesVersions`. */
function olderTypesFaults({ name, manifest }) {
  const typesOf = ({ types, require }) => types ?? require?.types
  const subpaths = Object.entries(manifest.exports).filter(
    ([subpath]) => subpath !== '.' && subpath !== './package.json',
  )
  const expected = Object.fromEntries(
    subpaths.map(([subpath, entry]) => [subpath.slice(2), [typesOf(entry)]]),
  )
  const stated = manifest.typesVersions?.['*'] ?? {}
  return isDeepStrictEqual(stated, expected)
    ? []
    : [
        `packages/${name}/package.json: typesVersions is not ${JSON.stringify({ '*': expected })}, by which older settings of TypeScript find the subpaths`,
      ]
}

/** npm packs README.md and LICENSE from the package's own folder only. */
function fileFaults({ name, folder }, license) {
  const faults = []
  const readme = read(`${folder}/README.md`)
  if (readme === undefined) faults.push(`packages/${name}: README.md is missing`)
  else if (readme.trimEnd().split('\n').length > 80)
    faults.push(`packages/${name}/README.md is longer than 80 lines`)
  if (read(`${folder}/LICENSE`) !== license)
    faults.push(`packages/${name}/LICENSE is not a copy of the one at the root`)
  return faults
}
