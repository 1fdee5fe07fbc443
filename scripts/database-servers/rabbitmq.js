import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, makeFolder, programOf, startServer } from './start-server.js'

/** Debian keeps the server itself here; the one on the PATH changes its user first. */
const folders = ['/usr/lib/rabbitmq/bin']

/** Starts a RabbitMQ in a folder of its own, with the name server that Erlang needs. */
export async function startRabbitmq(folder) {
  makeFolder(folder)
  const [port, epmdPort, distributionPort] = [await freePort(), await freePort(), await freePort()]
  const configuration = join(folder, 'rabbitmq.conf')
  writeFileSync(configuration, `listeners.tcp.1 = 127.0.0.1:${port}\n`)
  const names = ['-port', String(epmdPort), '-address', '127.0.0.1']
  const epmd = await startServer(programOf('epmd'), names, { cwd: folder, port: epmdPort })
  const env = {
    ...process.env,
    HOME: folder,
    // The script then becomes the server, and does not stand between it and our signals.
    RUNNING_UNDER_SYSTEMD: 'true',
    ERL_EPMD_PORT: String(epmdPort),
    RABBITMQ_NODENAME: 'callchain@localhost',
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: configuration,
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
  }
  try {
    const path = programOf('rabbitmq-server', folders)
    const server = await startServer(path, [], { cwd: folder, port, env, signal: 'SIGTERM' })
    const stop = async () => {
      await server.stop()
      await epmd.stop()
    }
    return { url: `amqp://guest:guest@127.0.0.1:${port}`, stop }
  } catch (error) {
    await epmd.stop()
    throw error
  }
}
