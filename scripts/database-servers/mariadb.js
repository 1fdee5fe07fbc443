import { freePort, makeFolder, programOf, runProgram, startServer } from './start-server.js'

/** Starts a MariaDB in a folder of its own. */
export async function startMariadb(folder) {
  makeFolder(folder)
  const data = `${folder}/data`
  const init = [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-name-resolve',
  ]
  runProgram(programOf('mariadb-install-db'), init, folder)
  const port = await freePort()
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${folder}/socket`,
    `--pid-file=${folder}/pid`,
    '--innodb-flush-log-at-trx-commit=0',
  ]
  const ready = 'ready for connections'
  const { stop } = await startServer(programOf('mariadbd'), args, { cwd: folder, port, ready })
  return { url: `mysql://root@127.0.0.1:${port}/test`, stop }
}
