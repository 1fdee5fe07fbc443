// Proves the packed packages on a newer Node, with the line of OpenTelemetry that npm chooses there:
// the committed lockfile is for Node 20. Usage, on built packages: node scripts/newer-node.js [MAJOR]
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { hasJars, javaServers } from './database-servers/jars.js'
import { startKafka } from './database-servers/kafka.js'
import { publicPackages, root } from './packages.js'

const run = promisify(execFile)
const major = process.argv[2] ?? '24'
const needed = [
  ...['clients', 'core', 'express', 'fastify', 'graphql', 'koa', 'messaging'],
  ...['recorder', 'sdk', 'testing', 'viewer'],
]
const frameworks = { axios: '^1', express: '^5', fastify: '^5', koa: '^3' }
/** What asks for a newer Node itself, with the server that takes it. */
const graphql = { graphql: '^17', 'graphql-yoga': '^5' }
/** The optional peers of metrics; npm chooses the line. */
const metrics = { '@opentelemetry/exporter-prometheus': '<1', '@opentelemetry/sdk-metrics': '*' }
/** The lines that ask for a newer Node, held to the client contract and to the message contract. */
const lines = {
  clients: ['got15', 'got16', 'ky2', 'ky2.0', 'undici8', 'undici8.0'],
  messaging: ['platformatic-kafka2', 'platformatic-kafka2.2'],
}
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
  console.log(await testLines('clients', path))
  console.log(await testLines('graphql', path))
  await withKafka(async (KAFKA_URL) => {
    console.log(await testLines('messaging', path, { KAFKA_URL }))
  })
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
  const newest = Object.entries(lines).flatMap(([of, names]) => {
    const { devDependencies } = packages.find(({ name }) => name === of).manifest
    return names.map((name) => [name, devDependencies[name]])
  })
  const dependencies = {
    ...Object.fromEntries([...ours, ...newest]),
    ...frameworks,
    ...graphql,
    ...metrics,
  }
  const manifest = { private: true, type: 'module', dependencies }
  writeFileSync(`${folder}/package.json`, JSON.stringify(manifest))
  await inFolder('npm', ['install', ...quiet], path)
}

async function testLines(name, path, env) {
  const tests = `packages/${name}/test`
  cpSync(`${root}/${tests}`, `${folder}/${tests}`, { recursive: true })
  const args = ['--test', '--test-reporter=spec', `${tests}/fixtures/newest-lines.mjs`]
  const { stdout } = await inFolder('node', args, path, env)
  return stdout.match(/^(?:▶ (?:.* promises|graphql)|ℹ (?:pass|fail)).*$/gm).join('\n')
}

/** Hands over where a Kafka is, and starts one if nobody has. */
async function withKafka(use) {
  if (process.env.KAFKA_URL) return use(process.env.KAFKA_URL)
  if (!hasJars(javaServers.kafka) && !process.env.CI) {
    const command = 'node scripts/database-servers.js --install node scripts/newer-node.js'
    console.log(`Skipped (Kafka is not installed): ${lines.messaging}. To run them: ${command}`)
    return
  }
  const { url, stop } = await startKafka(`${folder}/kafka`)
  try {
    await use(url)
  } finally {
    await stop()
  }
}

function inFolder(command, args, path, env = {}) {
  const options = { cwd: folder, env: { ...environment(path), ...env }, timeout: 600_000 }
  return run(command, args, options)
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
