import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { classPathOf } from './jars.js'
import { freePort, makeFolder, programOf, startServer } from './start-server.js'

/** Starts an ElasticMQ, which speaks the protocol of SQS and keeps nothing. */
export async function startElasticmq(folder) {
  const classPath = classPathOf('elasticmq')
  makeFolder(folder)
  const port = await freePort()
  const configuration = join(folder, 'elasticmq.conf')
  writeFileSync(configuration, configurationOf(port))
  const flags = ['-Xmx128m', '-XX:TieredStopAtLevel=1', `-Dconfig.file=${configuration}`]
  const args = [...flags, ...classPath, 'org.elasticmq.server.Main']
  const options = { cwd: folder, port, asSelf: true, signal: 'SIGKILL' }
  const { stop } = await startServer(programOf('java'), args, options)
  return { url: `http://127.0.0.1:${port}`, stop }
}

function configurationOf(port) {
  return [
    'include classpath("application.conf")',
    `node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }`,
    `rest-sqs { bind-port = ${port}, bind-hostname = "127.0.0.1", sqs-limits = strict }`,
    'rest-stats.enabled = false',
    '',
  ].join('\n')
}
