// Proves the packed packages on a newer Node, with the line of OpenTelemetry that npm chooses there:
// the committed lockfile is for Node 20. Usage, on built packages: node scripts/newer-node.js [MAJOR]
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { publicPackages, root } from './packages.js'

const run = promisify(execFile)
const major = process.argv[2] ?? '24'
const needed = [
  ...['clients', 'core', 'express', 'fastify', 'koa', 'recorder', 'sdk', 'testing', 'viewer'],
]
const frameworks = { axios: '^1', express: '^5', fastify: '^5', koa: '^3' }
/** The optional peers of metrics; npm chooses the line. */
const metrics = { '@opentelemetry/exporter-prometheus': '<1', '@opentelemetry/sdk-metrics': '*' }
/** The lines of HTTP clients that ask for a newer Node, held to the client contract. */
const clientLines = ['got15', 'got16', 'ky2', 'ky2.0', 'undici8', 'undici8.0']
const clientTests = 'packages/clients/test'
const quiet = [
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=error',
  '--fetch-retries=5',
  '--fetch-retry-mintimeout=1000',
]
const folder = mkdtempSync(join(tmpdir(), 'callchain-newer-node-'))

try {
  const path = await installNode()
  await installPackages(path)
  copyFileSync(`${root}/scripts/newer-node/chain.mjs`, `${folder}/chain.mjs`)
  for (const way of ['recorder', 'sdk']) {
    const { stdout } = await inFolder('node', ['chain.mjs', way], path)
    console.log(stdout.trim())
  }
  console.log(await testClients(path))
} catch (error) {
  console.error(`${error.stdout ?? ''}${error.stderr ?? ''}${error.stack}`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The PATH on which that Node is the first. */
async function installNode() {
  mkdirSync(`${folder}/node`)
  const args = ['install', '--prefix', `${folder}/node`, `node@${major}`, ...quiet]
  await inFolder('npm', args, process.env.PATH)
  return [`${folder}/node/node_modules/node/bin`, process.env.PATH].join(delimiter)
}

async function installPackages(path) {
  const packages = publicPackages().filter(({ name }) => needed.includes(name))
  const names = packages.flatMap(({ manifest }) => ['-w', manifest.name])
  const pack = ['pack', '--pack-destination', folder, '--loglevel=error', ...names]
  await run('npm', pack, { cwd: root, env: environment(process.env.PATH) })
  const ours = packages.map(({ manifest: { name, version } }) => [
    name,
    `file:${name.slice(1).replace('/', '-')}-${version}.tgz`,
  ])
  const { devDependencies } = packages.find(({ name }) => name === 'clients').manifest
  const clients = clientLines.map((name) => [name, devDependencies[name]])
  const dependencies = { ...Object.fromEntries([...ours, ...clients]), ...frameworks, ...metrics }
  const manifest = { private: true, type: 'module', dependencies }
  writeFileSync(`${folder}/package.json`, JSON.stringify(manifest))
  await inFolder('npm', ['install', ...quiet], path)
}

async function testClients(path) {
  cpSync(`${root}/${clientTests}`, `${folder}/${clientTests}`, { recursive: true })
  const args = ['--test', '--test-reporter=spec', `${clientTests}/fixtures/newest-lines.mjs`]
  const { stdout } = await inFolder('node', args, path)
  return stdout.match(/^(?:▶ .* promises|ℹ (?:pass|fail)).*$/gm).join('\n')
}

function inFolder(command, args, path) {
  return run(command, args, { cwd: folder, env: environment(path), timeout: 600_000 })
}

// What an outer npm command was told is not meant for these.
function environment(PATH) {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_config_(workspaces?|prefix|local_prefix|omit|only|json)$/i.test(name) &&
      !/^(NODE_OPTIONS|NODE_ENV|OTEL_.*)$/.test(name),
  )
  return { ...Object.fromEntries(inherited), PATH }
}
