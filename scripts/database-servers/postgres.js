import { freePort, makeFolder, programOf, runProgram, startServer } from './start-server.js'

/** Starts a PostgreSQL in a folder of its own. */
export async function startPostgres(folder) {
  makeFolder(folder)
  const data = `${folder}/data`
  const init = [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--no-sync',
    '--locale=C',
    '-E',
    'UTF8',
  ]
  runProgram(programOf('initdb'), init, folder)
  const port = await freePort()
  const settings = { unix_socket_directories: folder, listen_addresses: '127.0.0.1', fsync: 'off' }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const args = ['-D', data, '-p', String(port), ...options]
  const ready = 'ready to accept connections'
  const { stop } = await startServer(programOf('postgres'), args, { cwd: folder, port, ready })
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop }
}
