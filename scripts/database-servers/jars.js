import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where `--install` puts what no package of Debian holds. */
export const cacheFolder = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'callchain',
)

/**
 * The servers that are in Maven's repository alone: what is asked for there, and where `--install` puts
 * its jars. That is outside the repository, so that a fresh clone finds them.
 */
export const javaServers = {
  kafka: {
    artifact: { groupId: 'org.apache.kafka', artifactId: 'kafka_2.13', version: '4.4.0' },
    folder: join(cacheFolder, 'kafka'),
  },
  elasticmq: {
    artifact: { groupId: 'org.elasticmq', artifactId: 'elasticmq-server_2.13', version: '1.7.1' },
    folder: join(cacheFolder, 'elasticmq'),
  },
  zipkin: {
    artifact: {
      groupId: 'io.zipkin',
      artifactId: 'zipkin-server',
      version: '3.5.1',
      classifier: 'exec',
    },
    folder: join(cacheFolder, 'zipkin'),
  },
}

/** Whether a server's jars are there. */
export function hasJars({ artifact, folder }) {
  try {
    return readdirSync(folder).includes(nameOf(artifact))
  } catch {
    return false
  }
}

function nameOf({ artifactId, version, classifier }) {
  return `${[artifactId, version, classifier].filter(Boolean).join('-')}.jar`
}

/** What Java is told to find a server's classes. Throws an Error that says how to get them. */
export function classPathOf(name) {
  return ['-cp', join(installed(name).folder, '*')]
}

/** The jar that Java runs by itself. Throws an Error that says how to get it. */
export function jarOf(name) {
  const { artifact, folder } = installed(name)
  return ['-jar', join(folder, nameOf(artifact))]
}

function installed(name) {
  const server = javaServers[name]
  if (hasJars(server)) return server
  throw new Error(`${name} is not installed; run: node scripts/database-servers.js --install`)
}
