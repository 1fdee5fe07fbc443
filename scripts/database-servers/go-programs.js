import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from './jars.js'
import { findProgram } from './start-server.js'

/** The Collector's own program: the modules that it is made of, and what puts them together. */
const collectorSource = fileURLToPath(new URL('./collector', import.meta.url))

/**
 * The backends that are in the Go module proxy alone: the package that is built, or the folder with its
 * source, and where `--install` puts the program. Its name changes with its version.
 */
export const goPrograms = {
  collector: {
    source: collectorSource,
    path: pathOf('collector', digestOf(collectorSource)),
  },
  'victoria-logs': {
    module: 'github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs',
    version: 'v1.52.1',
    path: pathOf('victoria-logs', 'v1.52.1'),
  },
  jaeger: {
    module: 'github.com/jaegertracing/jaeger/cmd/jaeger',
    version: 'v1.76.0',
    path: pathOf('jaeger', 'v1.76.0'),
  },
}

/** Whether a program is built. */
export function hasGoProgram({ path }) {
  return existsSync(path)
}

/** The path of a program. Throws an Error that says how to get it. */
export function goProgramOf(name) {
  const program = goPrograms[name]
  if (hasGoProgram(program)) return program.path
  const flags = name === 'jaeger' ? '--install --jaeger' : '--install'
  throw new Error(`${name} is not installed; run: node scripts/database-servers.js ${flags}`)
}

/** The path of Go, or undefined. */
export function findGo() {
  return findProgram('go', ['/usr/local/go/bin'])
}

function pathOf(name, version) {
  return join(cacheFolder, 'go', `${name}-${version}`)
}

function digestOf(folder) {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 12)
}
