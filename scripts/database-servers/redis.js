import { setTimeout } from 'node:timers/promises'
import { freePort, makeFolder, programOf, runProgram, startServer } from './start-server.js'

/** Starts a Redis that keeps nothing. */
export function startRedis(folder) {
  return start(folder, [])
}

/** Starts a cluster of one Redis, which has every slot. */
export async function startRedisCluster(folder) {
  // Left to itself it takes the port 10,000 above, which is often beyond the last port there is.
  const clusterPort = String(await freePort())
  const enabled = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']
  const server = await start(folder, [...enabled, '--cluster-port', clusterPort])
  const say = (...words) => runProgram(programOf('redis-cli'), ['-u', server.url, ...words], folder)
  try {
    say('cluster', 'addslotsrange', '0', '16383')
    while (!say('cluster', 'info').includes('cluster_state:ok')) await setTimeout(50)
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
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
