import { join } from 'node:path'
import { freePort, makeFolder, programOf, startServer } from './start-server.js'

/** Starts a NATS server with JetStream, which keeps its streams in a folder of its own. */
export async function startNats(folder) {
  makeFolder(folder)
  const port = await freePort()
  const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', join(folder, 'data')]
  const { stop } = await startServer(programOf('nats-server'), args, { cwd: folder, port })
  return { url: `nats://127.0.0.1:${port}`, stop }
}
