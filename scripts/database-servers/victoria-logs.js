import { join } from 'node:path'
import { goProgramOf } from './go-programs.js'
import { freePort, makeFolder, startServer } from './start-server.js'

/** Starts a VictoriaLogs, which keeps its log records in a folder of its own. */
export async function startVictoriaLogs(folder) {
  const program = goProgramOf('victoria-logs')
  makeFolder(folder)
  const port = await freePort()
  const listen = `-httpListenAddr=127.0.0.1:${port}`
  const args = [listen, `-storageDataPath=${join(folder, 'data')}`, '-loggerLevel=ERROR']
  const options = { cwd: folder, port, asSelf: true, signal: 'SIGTERM' }
  const { stop } = await startServer(program, args, options)
  return { url: `http://127.0.0.1:${port}`, stop }
}
