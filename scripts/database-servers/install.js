import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findGo, goPrograms, hasGoProgram } from './go-programs.js'
import { installGoProgram } from './install-go.js'
import { hasJars, javaServers } from './jars.js'
import { mongodbFolder } from './mongodb.js'
import { download, installPackages, run } from './run-install.js'
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

/** Installs the servers that are missing, or Jaeger alone. Throws an Error when that fails. */
export function install({ withJaeger }) {
  const { jaeger, ...others } = goPrograms
  if (withJaeger) return installGoPrograms([jaeger])
  installPackages(packages)
  const noJars = Object.values(javaServers).filter((server) => !hasJars(server))
  if (noJars.length > 0) installJars(noJars)
  if (findProgram('ferretdb', [mongodbFolder]) === undefined) {
    installGo()
    installFerretdb()
  }
  installGoPrograms(Object.values(others))
}

function installGoPrograms(programs) {
  const missing = programs.filter((program) => !hasGoProgram(program))
  if (missing.length > 0) installGo()
  for (const program of missing) installGoProgram(program)
}

function installGo() {
  if (findGo() === undefined) installPackages({ go: 'golang-go' })
}

function installJars(servers) {
  installPackages({ mvn: 'maven', java: 'default-jre-headless' })
  for (const { artifact, folder: to } of servers) {
    const folder = mkdtempSync(join(tmpdir(), 'callchain-jars-'))
    const mvn = (goal, ...args) =>
      run('mvn', ['-q', '-B', goal, ...args, `-DoutputDirectory=${folder}/jars`], { cwd: folder })
    try {
      // A classifier's jar holds all that it needs.
      if (artifact.classifier)
        download(() => mvn('dependency:copy', `-Dartifact=${coordinatesOf(artifact)}`))
      else {
        // A project without code has the jars of what it depends on copied.
        writeFileSync(join(folder, 'pom.xml'), projectOf(artifact))
        download(() => mvn('dependency:copy-dependencies', '-DincludeScope=runtime'))
      }
      cpSync(join(folder, 'jars'), to, { recursive: true })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function coordinatesOf({ groupId, artifactId, version, classifier }) {
  return [groupId, artifactId, version, 'jar', classifier].join(':')
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
