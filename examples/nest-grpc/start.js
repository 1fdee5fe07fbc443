import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chain, startCollector } from '@callchain/testing'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('.', import.meta.url))
const isOnce = process.argv.includes('--once')
const print = (line = '') => process.stdout.write(`${line}\n`)

await compile()
const collector = await startCollector()
/** @type {import('node:child_process').ChildProcess[]} */
const services = []
process.once('exit', () => {
  for (const service of services) service.kill()
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit())
try {
  print('Starting a gRPC service with its database, and a Nest service …')
  const STOCK_URL = `127.0.0.1:${await freePort()}`
  await start('stock', { STOCK_URL })
  const orders = await start('orders', { STOCK_URL, PORT: '0' })
  await order(orders, 'lamp')
  await order(orders, 'vase')
  if (!isOnce) {
    print(`\nPOST ${orders}/orders/lamp orders another one. Ctrl-C stops everything.`)
    await once(process, 'exit')
  }
} finally {
  for (const service of services) service.kill()
  await collector.close()
}

/** Makes JavaScript of the services. */
async function compile() {
  await build({
    absWorkingDir: folder,
    entryPoints: ['orders/main.ts', 'stock/main.ts'],
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  })
}

/**
 * Starts a service in a process of its own.
 * @param {string} name
 * @param {Record<string, string>} environment
 * @returns {Promise<string>} where it listens
 */
async function start(name, environment) {
  const env = { ...process.env, ...collector.environment, ...environment }
  const service = fork(`dist/${name}/main.mjs`, { cwd: folder, env })
  services.push(service)
  const ended = once(service, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code}`)
  })
  ended.catch(() => {})
  const [{ url }] = await Promise.race([once(service, 'message'), ended])
  return url
}

/**
 * Orders an item, and prints the chain.
 * @param {string} orders
 * @param {string} item
 */
async function order(orders, item) {
  const url = `${orders}/orders/${item}`
  const trace = await chain(({ headers }) => fetch(url, { method: 'POST', headers }), {
    collector,
    timeout: 60_000,
  })
  print(`\nPOST /orders/${item}  ${trace.result.status}  ${await trace.result.text()}`)
  print(String(trace))
  const tenants = new Set(trace.spans.map(({ attributes }) => attributes['tenant.id']))
  print(`  for ${[...tenants].filter(Boolean).join(', ')}`)
  if (!isOnce) print(`${collector.url}/traces/${trace.traceId}`)
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  return port
}
