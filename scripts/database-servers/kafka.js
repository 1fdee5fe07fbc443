import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { classPathOf } from './jars.js'
import { freePort, makeFolder, programOf, runProgram, startServer } from './start-server.js'

/** Starts a Kafka of one node, in KRaft mode, in a folder of its own. */
export async function startKafka(folder) {
  const classPath = classPathOf('kafka')
  makeFolder(folder)
  const [port, controllerPort] = [await freePort(), await freePort()]
  const configuration = join(folder, 'server.properties')
  writeFileSync(configuration, propertiesOf(folder, port, controllerPort))
  const java = programOf('java')
  const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', ...classPath]
  const id = ['--cluster-id', 'MkU3OEVBNTcwNTJENDM2Qk']
  const format = ['kafka.tools.StorageTool', 'format', ...id, '-c', configuration]
  runProgram(java, [...flags, ...format], folder, { asSelf: true })
  const args = [...flags, 'kafka.Kafka', configuration]
  const options = { cwd: folder, port, asSelf: true, signal: 'SIGKILL' }
  const { stop } = await startServer(java, args, options)
  return { url: `kafka://127.0.0.1:${port}`, stop }
}

function propertiesOf(folder, port, controllerPort) {
  const single = ['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic']
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `log.dirs=${join(folder, 'data')}`,
    'transaction.state.log.min.isr=1',
    'share.coordinator.state.topic.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    ...single.flatMap((name) => [`${name}.replication.factor=1`, `${name}.num.partitions=1`]),
    '',
  ].join('\n')
}
