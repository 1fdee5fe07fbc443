import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasJars, javaServers } from './jars.js'
import { mongodbFolder } from './mongodb.js'
import { findProgram } from './start-server.js'

const ferretdb = 'github.com/FerretDB/FerretDB'
const version = 'v1.24.0'

/** Debian's package for each program. */
const packages = {
  initdb: 'postgresql',
  mariadbd: 'mariadb-server',
  'redis-server': 'redis-server',
  'rabbitmq-server': 'rabbitmq-server',
  'nats-server': 'nats-server',
}

// A download that breaks off is tried again; another apt-get that is at work is waited for.
const patient = ['-o', 'Acquire::Retries=5', '-o', 'DPkg::Lock::Timeout=300']

/** Installs the servers that are missing. Throws an Error when that fails. */
export function install() {
  const missing = Object.keys(packages).filter((program) => findProgram(program) === undefined)
  if (missing.length > 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const names = missing.map((program) => packages[program])
    run('apt-get', [...patient, 'update'], { env })
    run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...names], { env })
  }
  if (findProgram('ferretdb', [mongodbFolder]) === undefined) installFerretdb()
  const noJars = Object.values(javaServers).filter((server) => !hasJars(server))
  if (noJars.length > 0) installJars(noJars)
}

// A project without code has the jars of what it depends on copied.
function installJars(servers) {
  const needed = { mvn: 'maven', java: 'default-jre-headless' }
  const missing = Object.keys(needed).filter((program) => findProgram(program) === undefined)
  if (missing.length > 0) {
    const names = missing.map((program) => needed[program])
    run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...names])
  }
  for (const { artifact, folder: to } of servers) {
    const folder = mkdtempSync(join(tmpdir(), 'callchain-jars-'))
    try {
      writeFileSync(join(folder, 'pom.xml'), projectOf(artifact))
      const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime']
      const args = ['-q', '-B', ...copy, `-DoutputDirectory=${folder}/jars`]
      download(() => run('mvn', args, { cwd: folder }))
      cpSync(join(folder, 'jars'), to, { recursive: true })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function projectOf({ groupId, artifactId, version }) {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>callchain</groupId>
  <artifactId>servers</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>${groupId}</groupId>
      <artifactId>${artifactId}</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`
}

// A release of FerretDB carries its version in a file that the module proxy does not have, and refuses
// to start without it: a copy of the module gets the file.
function installFerretdb() {
  if (findGo() === undefined) {
    run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', 'golang-go'])
  }
  const folder = mkdtempSync(join(tmpdir(), 'callchain-ferretdb-'))
  const go = (...args) =>
    run(findGo() ?? 'go', args, { cwd: folder, env: { ...process.env, GOBIN: mongodbFolder } })
  try {
    mkdirSync(mongodbFolder, { recursive: true })
    writeFileSync(join(folder, 'go.mod'), 'module callchain/servers\n\ngo 1.22\n')
    download(() => go('get', `${ferretdb}/cmd/ferretdb@${version}`))
    const original = go('list', '-m', '-f', '{{.Dir}}', ferretdb).trim()
    const copy = join(folder, 'ferretdb')
    cpSync(original, copy, { recursive: true })
    run('chmod', ['-R', 'u+w', copy])
    writeFileSync(join(copy, 'build/version/version.txt'), `${version}\n`)
    go('mod', 'edit', `-replace=${ferretdb}=./ferretdb`)
    download(() => go('install', `${ferretdb}/cmd/ferretdb`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Go itself tries nothing again.
function download(work, attempts = 4) {
  try {
    return work()
  } catch (error) {
    if (attempts === 1) throw error
    return download(work, attempts - 1)
  }
}

function findGo() {
  return findProgram('go', ['/usr/local/go/bin'])
}

function run(command, args, options = {}) {
  try {
    const stdio = ['ignore', 'pipe', 'pipe']
    return execFileSync(command, args, { ...options, stdio, encoding: 'utf8', maxBuffer: 2 ** 26 })
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${error.stderr ?? error.message}`)
  }
}
