import { curlLines } from './customers.js'
import { colourOf } from './paint.js'

/** @type {Record<string, string>} */
const madeWith = {
  gateway: 'Express 5',
  orders: 'Koa 3',
  inventory: 'Fastify 5',
  shipping: 'pg-boss',
  database: 'PGlite',
}

/**
 * Says what runs where, where to look, and how to send an order.
 * @param {import('./boot.js').Shop} shop
 * @param {{ receiver: import('./receiver.js').Receiver, viewer: import('./open-viewer.js').ShopViewer | undefined }} where
 * @param {{ paint: import('./paint.js').Paint, logs: string }} options logs: where the log lines go
 * @returns {string[]} lines
 */
export function introduce(shop, { receiver, viewer }, { paint, logs }) {
  const rows = shop.processes
    .toReversed()
    .map(({ name, port }) => [name, madeWith[name] ?? '', address(name, port)])
  if (process.env.DATABASE_URL) rows.push(['database', 'Postgres', 'the one in DATABASE_URL'])
  rows.push(['receiver', 'OTLP/JSON', receiver.endpoint])
  const forward = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (forward && forward !== viewer?.url) rows.push(['', 'sends on to', forward])
  return [
    ...rows.map(
      ([name = '', made = '', where = '']) =>
        `  ${paint(colourOf(name), name.padEnd(11))}${paint('dim', made.padEnd(13))}${where}`,
    ),
    '',
    ...(viewer ? lookAt(viewer, paint) : []),
    paint('dim', '  Send an order yourself (teapot, snow-globe, music-box, garden-gnome, mirror):'),
    ...curlLines(shop.gateway).map((line) => `  ${line}`),
    '',
    paint('dim', `  Log lines of all services: ${logs}`),
  ]
}

/**
 * @param {import('./open-viewer.js').ShopViewer} viewer
 * @param {import('./paint.js').Paint} paint
 */
function lookAt({ url, note }, paint) {
  const why = note && paint('dim', `  (${note})`)
  return [`  See every order in the viewer: ${paint(['bold', 'underline'], url)}${why}`, '']
}

/** @param {string} name @param {number} port */
function address(name, port) {
  if (port === 0) return 'listens to the queue in the database'
  return name === 'database' ? `postgres://127.0.0.1:${port}` : `http://127.0.0.1:${port}`
}
