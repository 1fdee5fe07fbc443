import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')

/**
 * The servers that are in Maven's repository alone: what is asked for there, and where `--install` puts
 * its jars. That is outside the repository, so that a fresh clone finds them.
 */
export const javaServers = {
  kafka: {
    artifact: { groupId: 'org.apache.kafka', artifactId: 'kafka_2.13', version: '4.4.0' },
    folder: join(cache, 'callchain', 'kafka'),
  },
  elasticmq: {
    artifact: { groupId: 'org.elasticmq', artifactId: 'elasticmq-server_2.13', version: '1.7.1' },
    folder: join(cache, 'callchain', 'elasticmq'),
  },
}

/** Whether a server's jars are there. */
export function hasJars({ artifact, folder }) {
  try {
    return readdirSync(folder).includes(`${artifact.artifactId}-${artifact.version}.jar`)
  } catch {
    return false
  }
}

/** What Java is told to find a server's classes. Throws an Error that says how to get them. */
export function classPathOf(name) {
  const server = javaServers[name]
  if (!hasJars(server)) {
    throw new Error(`${name} is not installed; run: node scripts/database-servers.js --install`)
  }
  return ['-cp', join(server.folder, '*')]
}
