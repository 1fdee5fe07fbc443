import { join } from 'node:path'
import { cacheFolder } from './jars.js'
import { freePort, makeFolder, programOf, startServer } from './start-server.js'

/** Where `--install` puts the server: beside the repository, so that a fresh clone finds it. */
export const mongodbFolder = join(cacheFolder, 'bin')

/** Starts a FerretDB, which speaks MongoDB's protocol, on SQLite. */
export async function startMongodb(folder) {
  makeFolder(folder)
  const port = await freePort()
  const args = [
    '--handler=sqlite',
    `--sqlite-url=file:${folder}/`,
    `--listen-addr=127.0.0.1:${port}`,
    '--debug-addr=-',
    '--telemetry=disable',
    `--state-dir=${folder}`,
    '--log-level=error',
  ]
  const path = programOf('ferretdb', [mongodbFolder])
  const { stop } = await startServer(path, args, { cwd: folder, port, asSelf: true })
  return { url: `mongodb://127.0.0.1:${port}/`, stop }
}
