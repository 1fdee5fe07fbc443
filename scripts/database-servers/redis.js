import { freePort, makeFolder, programOf, startServer } from './start-server.js'

/** Starts a Redis that keeps nothing. */
export function startRedis(folder) {
  return start(folder, [])
}

/** Starts a Redis in cluster mode, to which no slot is given yet. */
export function startRedisCluster(folder) {
  return start(folder, ['--cluster-enabled', 'yes'])
}

async function start(folder, more) {
  makeFolder(folder)
  const port = await freePort()
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    folder,
    ...more,
  ]
  const ready = 'Ready to accept connections'
  const { stop } = await startServer(programOf('redis-server'), args, { cwd: folder, port, ready })
  return { url: `redis://127.0.0.1:${port}`, stop }
}
