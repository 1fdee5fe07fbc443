// Runs a command with every database, broker and backend that the tests can use:
// `node scripts/database-servers.js npm test`.
// Servers that no environment variable names are started on free ports, in a temporary folder, and
// ended with the command. `--install` first installs what is missing, from Debian's packages, Maven's
// repository and the Go module proxy, for which it must be run as root. `--jaeger` starts Jaeger and
// nothing else; with `--install` it is built first, which takes minutes.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findCollector } from './database-servers/collector.js'
import { startElasticmq } from './database-servers/elasticmq.js'
import { install } from './database-servers/install.js'
import { startJaeger } from './database-servers/jaeger.js'
import { startKafka } from './database-servers/kafka.js'
import { startMariadb } from './database-servers/mariadb.js'
import { startMongodb } from './database-servers/mongodb.js'
import { startNats } from './database-servers/nats.js'
import { startPostgres } from './database-servers/postgres.js'
import { startRabbitmq } from './database-servers/rabbitmq.js'
import { startRedis, startRedisCluster, startRedisSentinel } from './database-servers/redis.js'
import { startVictoriaLogs } from './database-servers/victoria-logs.js'
import { startZipkin } from './database-servers/zipkin.js'

/** Which environment variable says where a server is, and who starts one where it does not. */
const always = {
  DATABASE_URL: startPostgres,
  MYSQL_URL: startMariadb,
  REDIS_URL: startRedis,
  REDIS_CLUSTER_URL: startRedisCluster,
  REDIS_SENTINEL_URL: startRedisSentinel,
  MONGODB_URL: startMongodb,
  AMQP_URL: startRabbitmq,
  KAFKA_URL: startKafka,
  NATS_URL: startNats,
  SQS_URL: startElasticmq,
  ZIPKIN_URL: startZipkin,
  VICTORIALOGS_URL: startVictoriaLogs,
  COLLECTOR_PROGRAM: findCollector,
}

const args = process.argv.slice(2)
const flags = new Set()
while (['--install', '--jaeger'].includes(args[0])) flags.add(args.shift())
const withJaeger = flags.has('--jaeger')
const servers = withJaeger ? { JAEGER_URL: startJaeger } : always
const [command, ...rest] = args
if (command === undefined) {
  console.error('Usage: database-servers.js [--install] [--jaeger] command [argument ...]')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'callchain-databases-'))
chmodSync(folder, 0o777)
const started = []
// The command hears of an interruption itself; we end the servers when it has ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
try {
  if (flags.has('--install')) install({ withJaeger })
  const env = { ...process.env, ...(await startAll()) }
  process.exitCode = await run(env)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await Promise.all(started.map((server) => server.stop()))
  rmSync(folder, { recursive: true, force: true })
}

async function startAll() {
  const missing = Object.entries(servers).filter(([name]) => !process.env[name])
  const results = await Promise.allSettled(
    missing.map(async ([name, start]) => {
      const server = await startOne(start, name.toLowerCase())
      started.push(server)
      return { [name]: server.url, ...server.more }
    }),
  )
  const failed = results.filter(({ status }) => status === 'rejected')
  if (failed.length > 0) throw new Error(failed.map(({ reason }) => reason.message).join('\n'))
  return Object.assign({}, ...results.map(({ value }) => value))
}

// Between our asking for a free port and the server's taking it, another process may be given it.
async function startOne(start, name, attempt = 1) {
  try {
    return await start(join(folder, `${name}-${attempt}`))
  } catch (error) {
    if (attempt === 3 || !/address already in use/i.test(error.message)) throw error
    return startOne(start, name, attempt + 1)
  }
}

function run(env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { env, stdio: 'inherit' })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
