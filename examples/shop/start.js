import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bootShop } from './runner/boot.js'
import { collectChains } from './runner/collect-chains.js'
import { drawChain } from './runner/draw-chain.js'
import { drawLines } from './runner/draw-lines.js'
import { forwardTo } from './runner/forward.js'
import { introduce } from './runner/introduce.js'
import { openLogBook } from './runner/log-book.js'
import { help, readOptions } from './runner/options.js'
import { painter } from './runner/paint.js'
import { startReceiver } from './runner/receiver.js'
import { runOnce } from './runner/run-once.js'
import { sendSteadily } from './runner/send-steadily.js'

const logs = fileURLToPath(new URL('./logs/shop.jsonl', import.meta.url))
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
  const book = openLogBook(logs)
  const { receiver, chains } = await receive(options)
  try {
    print(paint('dim', 'Starting a database and three services …'))
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
      for (const line of introduce(shop, receiver, { paint, logs: relative('', logs) })) print(line)
      if (options.once) await once(shop.gateway, chains, book, stop.signal)
      else await steadily(shop.gateway, stop.signal)
    } finally {
      await shop.stop()
    }
  } finally {
    await receiver.stop()
    await book.close()
  }
}

/** @param {Options} options */
async function receive(options) {
  const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  const forward = endpoint ? forwardTo(endpoint, warn) : () => {}
  const chains = collectChains((chain, whole) => {
    if (options.once) return
    print()
    show(chain.spans, whole)
  })
  const receiver = await startReceiver((spans, body) => {
    chains.add(spans)
    forward(body)
  })
  return { receiver, chains }
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
      paint('green', 'Every chain is complete: one trace for each order, with all three services.'),
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
  for (const line of drawLines(lines, { width: process.stdout.columns ?? 80, paint })) print(line)
}

/** @param {import('./runner/spans.js').Span[]} spans */
function show(spans, whole = true) {
  for (const line of drawChain(spans, { width: process.stdout.columns ?? 80, paint })) print(line)
  if (!whole)
    print(paint('yellow', 'Incomplete: the rest of this chain did not come in five seconds.'))
}
