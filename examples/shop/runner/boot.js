import { startChild } from './child.js'
import { tracingSettings } from './tracing-settings.js'

/**
 * @typedef {object} Shop
 * @property {import('./child.js').Child[]} processes in the order they were started
 * @property {string} gateway the address to send orders to
 * @property {() => Promise<void>} stop stops everything, callers before what they call
 */

/**
 * @typedef {object} BootOptions
 * @property {string} endpoint where the services send their spans and log lines: the base address of an OTLP receiver
 * @property {AbortSignal} [signal] gives the start up
 * @property {boolean} [withIndex] create the index that the slow query misses. Default: false
 */

/**
 * Starts the database and the four services, each in its own process.
 * @param {BootOptions} options
 * @param {import('./child.js').Listeners} listeners
 * @returns {Promise<Shop>}
 * @throws {Error} in one sentence, after everything already started was stopped
 */
export async function bootShop(options, listeners) {
  /** @type {import('./child.js').Child[]} */
  const processes = []
  const stop = async () => {
    for (const child of processes.toReversed()) await child.stop()
  }
  /** @type {(name: string, environment: Record<string, string | undefined>) => Promise<string>} */
  const start = async (name, environment) => {
    const port = process.env[`PORT_${name.toUpperCase()}`] ?? '0'
    const child = await startChild(name, { PORT: port, ...environment }, listeners, options.signal)
    processes.push(child)
    return `http://127.0.0.1:${child.port}`
  }

  try {
    const database = await databaseSettings(start)
    const tracing = tracingSettings(options.endpoint)
    const [inventory] = await all([
      start('inventory', { ...tracing, ...database, WITH_INDEX: options.withIndex ? '1' : '0' }),
      start('shipping', { ...tracing, ...database }),
    ])
    const orders = await start('orders', { ...tracing, ...database, INVENTORY_URL: inventory })
    const gateway = await start('gateway', { ...tracing, ORDERS_URL: orders })
    return { processes, gateway, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @param {(name: string, environment: Record<string, string>) => Promise<string>} start */
async function databaseSettings(start) {
  if (process.env.DATABASE_URL) return { DATABASE_URL: process.env.DATABASE_URL }
  const { host } = new URL(await start('database', {}))
  return { DATABASE_URL: `postgres://postgres@${host}/postgres?sslmode=disable` }
}

/**
 * The results of all, once nothing of them is under way any more.
 * @template T
 * @param {Promise<T>[]} work
 * @returns {Promise<T[]>}
 */
async function all(work) {
  await Promise.allSettled(work)
  return Promise.all(work)
}
