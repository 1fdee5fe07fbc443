import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { root } from '../packages.js'

const run = promisify(execFile)
const windows = process.platform === 'win32'
const lock = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')).packages

/** What the consumer installs beside our packages and their peers, when the lockfile has it. */
const tools = [
  'jest',
  '@types/node',
  '@types/express',
  '@types/koa',
  '@types/pg',
  '@types/bunyan',
  'undici',
]

/** Packs the packages and installs them, with their peers, as a project of its own. */
export async function createConsumer(folder, packages) {
  const names = packages.flatMap(({ manifest }) => ['-w', manifest.name])
  await npm(['pack', '--pack-destination', folder, '--loglevel=error', ...names], root)
  const peers = packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}))
  const installed = [...new Set([...peers, ...tools])].filter((name) => versionOf(name))
  const dependencies = Object.fromEntries([
    ...installed.map((name) => [name, versionOf(name)]),
    ...packages.map(({ manifest }) => [manifest.name, `file:${tarballOf(manifest)}`]),
    ['typescript', '~5.9.3'],
    // The last line that runs on Node 20.
    ['vitest', '^3.2.4'],
  ])
  const manifest = { private: true, type: 'module', dependencies, overrides: overrides() }
  writeFileSync(`${folder}/package.json`, JSON.stringify(manifest, null, 2))
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  const patient = ['--prefer-offline', '--fetch-retries=5', '--fetch-retry-mintimeout=1000']
  await npm(['install', ...quiet, ...patient], folder)
}

async function npm(args, cwd) {
  const env = { ...process.env }
  // What an outer npm command was told is not meant for this one.
  for (const name of Object.keys(env))
    if (/^npm_config_(workspaces?|prefix|local_prefix|omit|only|json)$/i.test(name))
      delete env[name]
  try {
    await run(windows ? 'npm.cmd' : 'npm', args, { cwd, env, shell: windows, maxBuffer: 2 ** 26 })
  } catch (error) {
    throw new Error(`npm ${args[0]} failed:\n${error.stdout}${error.stderr}`)
  }
}

function versionOf(name) {
  return lock[`node_modules/${name}`]?.version
}

function tarballOf({ name, version }) {
  return `${name.slice(1).replace('/', '-')}-${version}.tgz`
}

/** The root's overrides answer faults of the registry that would meet the consumer as well. */
function overrides() {
  const { overrides } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  return overrides ?? {}
}
