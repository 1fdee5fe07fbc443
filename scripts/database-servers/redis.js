import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** Starts a Redis, and a Sentinel that watches it under the name `shop`. The URL is the Sentinel's. */
export async function startRedisSentinel(folder) {
  const master = await startRedis(join(folder, 'master'))
  try {
    const configuration = join(folder, 'sentinel.conf')
    const { hostname, port } = new URL(master.url)
    // It writes what it finds out into its configuration.
    writeFileSync(configuration, `sentinel monitor shop ${hostname} ${port} 1\n`)
    chmodSync(configuration, 0o666)
    const sentinel = await start(folder, ['--sentinel'], [configuration])
    return { url: sentinel.url, stop: () => Promise.all([sentinel.stop(), master.stop()]) }
  } catch (error) {
    await master.stop()
    throw error
  }
}

async function start(folder, more, first = []) {
  makeFolder(folder)
  const port = await freePort()
  const args = [
    ...first,
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
  const ready = more.includes('--sentinel') ? 'Sentinel ID is' : 'Ready to accept connections'
  const { stop } = await startServer(programOf('redis-server'), args, { cwd: folder, port, ready })
  return { url: `redis://127.0.0.1:${port}`, stop }
}
