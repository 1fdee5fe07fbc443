import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bootShop } from './runner/boot.js'
import { collectChains } from './runner/collect-chains.js'
import { drawChain } from './runner/draw-chain.js'
import { drawLines } from './runner/draw-lines.js'
import { forwardTo, headersOfUser } from './runner/forward.js'
import { introduce } from './runner/introduce.js'
import { openLogBook } from './runner/log-book.js'
import { whenNpmEnds } from './runner/npm-parent.js'
import { openViewer, runningViewer } from './runner/open-viewer.js'
import { help, readOptions } from './runner/options.js'
import { painter } from './runner/paint.js'
import { startReceiver } from './runner/receiver.js'
import { runOnce } from './runner/run-once.js'
import { sendSteadily } from './runner/send-steadily.js'
import { sendsOtlp } from './runner/tracing-settings.js'

const logs = process.env.LOG_FILE ?? fileURLToPath(new URL('./logs/shop.jsonl', import.meta.url))
const paint = painter(process.stdout)
const paintError = painter(process.stderr)

/** @param {string} [line] */
const print = (line = '') => console.log(line)
/** @param {string} line */
const warn = (line) => console.error(paintError('yellow', line))

/** @typedef {ReturnType<typeof readOptions>} Options */

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) print(help)
  else await main(options)
} catch (error) {
  console.error(paintError('red', error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
}

/** @param {Options} options */
async function main(options) {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())
  whenNpmEnds(() => stop.abort())
  const book = openLogBook(logs)
  // A viewer that ended with the command would be gone before anybody could look.
  const viewer = options.once ? await runningViewer() : await openViewer()
  const { receiver, chains, settled } = await receive(options, viewer)
  try {
    print(paint('dim', 'Starting a database and four services …'))
    const shop = await bootShop(
      { endpoint: receiver.endpoint, withIndex: options['with-index'], signal: stop.signal },
      {
        onLog: (_name, line) => {
          book.write(line)
          if (options.logs) print(line)
        },
        onWarning: (name, line) => warn(`${name}: ${line}`),
        onLost: (_name, reason) => stop.abort(new Error(reason)),
      },
    )
    try {
      const where = { receiver, viewer }
      for (const line of introduce(shop, where, { paint, logs: relative('', logs) })) print(line)
      if (options.once) await once(shop.gateway, chains, book, stop.signal)
      else await steadily(shop.gateway, stop.signal)
    } finally {
      await shop.stop()
    }
  } finally {
    await receiver.stop()
    await settled()
    await viewer?.close()
    await book.close()
  }
}

/** @typedef {import('./runner/open-viewer.js').ShopViewer} ShopViewer */

/**
 * Receives what the services send, draws it, and sends it on to the viewer and to the user's endpoint.
 * @param {Options} options
 * @param {ShopViewer | undefined} viewer
 */
async function receive(options, viewer) {
  const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  const isViewer = endpoint !== undefined && viewer !== undefined && isSame(endpoint, viewer.url)
  const toUser =
    endpoint && !isViewer && sendsOtlp() ? forwardTo(endpoint, warn, headersOfUser()) : undefined
  const toViewer = viewer && forwardTo(viewer.url, warn, isViewer ? headersOfUser() : {})
  const chains = collectChains((chain, whole) => {
    if (options.once) return
    print()
    show(chain.spans, whole)
    if (viewer) print(paint('dim', `${viewer.url}/traces/${chain.traceId}`))
  })
  const receiver = await startReceiver(chains.add, {
    onExport(received) {
      toViewer?.send(received)
      // Jaeger and Tempo take spans only.
      if (received.path === '/v1/traces') toUser?.send(received)
    },
  })
  const settled = () => Promise.all([toViewer?.settled(), toUser?.settled()])
  return { receiver, chains, settled }
}

/** @param {string} one @param {string} other */
function isSame(one, other) {
  return new URL(one).host === new URL(other).host
}

/**
 * @param {string} gateway
 * @param {import('./runner/collect-chains.js').Chains} chains
 * @param {import('./runner/log-book.js').LogBook} book
 * @param {AbortSignal} signal
 */
async function once(gateway, chains, book, signal) {
  const stage = { gateway, chains, book, show, showLines, announce }
  const complaints = await unlessAborted(signal, runOnce(stage))
  print()
  for (const complaint of complaints) console.error(paintError('red', complaint))
  if (complaints.length > 0) process.exitCode = 1
  else
    print(
      paint('green', 'Every chain is complete: one trace for each order, down to its shipment.'),
    )
}

/**
 * @param {string} gateway
 * @param {AbortSignal} signal
 */
async function steadily(gateway, signal) {
  print(paint('dim', '  Ctrl-C stops everything.'))
  await sendSteadily(gateway, signal, warn)
  if (signal.reason instanceof Error && signal.reason.name !== 'AbortError') throw signal.reason
  print(paint('dim', '\nStopping …'))
}

/**
 * @template T
 * @param {AbortSignal} signal
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
function unlessAborted(signal, work) {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    work.then(resolve, reject)
  })
}

/** @param {import('./runner/customers.js').Kind} kind */
function announce(kind) {
  print()
  print(paint('bold', kind.name) + paint('dim', ` — ${kind.says}`))
}

/** @param {import('./runner/log-book.js').LogLine[]} lines */
function showLines(lines) {
  print(paint('dim', 'What its services logged meanwhile:'))
  for (const line of drawLines(lines, { width: process.stdout.columns || 80, paint })) print(line)
}

/** @param {import('./runner/spans.js').Span[]} spans */
function show(spans, whole = true) {
  for (const line of drawChain(spans, { width: process.stdout.columns || 80, paint })) print(line)
  if (!whole)
    print(paint('yellow', 'Incomplete: the rest of this chain did not come in five seconds.'))
}
