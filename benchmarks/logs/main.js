// What the fields cost: microseconds of CPU that each logger adds to a line of a request, as the
// difference of the same line with and without them. The lines go nowhere. Sends its samples to the
// process that has forked it with the number of rounds.
import { Writable } from 'node:stream'
import { createServerTracer, runIn, tenant } from '@callchain/core'
import { logFields } from '@callchain/logs'
import { traceBunyan } from '@callchain/logs/bunyan'
import { traceMixin } from '@callchain/logs/pino'
import { traceMeta, traceWinston } from '@callchain/logs/winston'
import { startTracing } from '@callchain/sdk'
import bunyan from 'bunyan'
import { pino } from 'pino'
import winston from 'winston'

const request = {
  method: 'GET',
  target: '/orders',
  scheme: 'http',
  protocolVersion: '1.1',
  peerAddress: '127.0.0.1',
  header: () => undefined,
}
const linesPerRound = 20_000
const rounds = Number(process.argv[2])
const nowhere = { write: () => true }
const drain = () => new Writable({ write: (_chunk, _encoding, done) => done() })

const winstonLogger = (options = {}) =>
  winston.createLogger({
    format: winston.format.json(),
    transports: [new winston.transports.Stream({ stream: drain() })],
    ...options,
  })
const bunyanLogger = (fields) =>
  bunyan.createLogger({ name: 'benchmark', stream: nowhere, ...fields })

// What the logger itself takes to write as many fields that never change.
const fixed = {
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  span_id: 'b7ad6b7169203331',
  trace_flags: '01',
  tenant_id: 'acme',
}

const pairs = {
  'pino, four fixed fields': [pino({}, nowhere), pino({ mixin: () => ({ ...fixed }) }, nowhere)],
  'pino, traceMixin': [pino({}, nowhere), pino({ mixin: traceMixin() }, nowhere)],
  'pino, fields by hand': [pino({}, nowhere), pino({ mixin: () => logFields() }, nowhere)],
  'winston, four fixed fields': [winstonLogger(), winstonLogger({ defaultMeta: fixed })],
  'winston, traceWinston': [winstonLogger(), traceWinston(winstonLogger())],
  'winston, traceMeta': [winstonLogger(), winstonLogger({ defaultMeta: traceMeta() })],
  'bunyan, four fixed fields': [bunyanLogger(), bunyanLogger(fixed)],
  'bunyan, traceBunyan': [bunyanLogger(), traceBunyan(bunyanLogger())],
}

const tracing = startTracing({ serviceName: 'benchmark', exporter: 'none' })
const samples = Object.fromEntries(Object.keys(pairs).map((name) => [name, []]))
// The first round only warms up.
for (let round = -1; round < rounds; round += 1) {
  for (const [name, [plain, traced]] of Object.entries(pairs)) {
    const base = await microsPerLine(plain)
    const added = (await microsPerLine(traced)) - base
    if (round >= 0) samples[name].push({ base, added })
  }
}
await tracing.shutdown()

process.send(samples, () => process.disconnect())

/** Logs in the context of one request, with a tenant. */
async function microsPerLine(logger) {
  const call = createServerTracer().receive(request)
  const before = process.cpuUsage()
  for (let batch = 0; batch < linesPerRound; batch += 1000) {
    runIn(call, () => {
      tenant.set('acme')
      for (let line = 0; line < 1000; line += 1) logger.info('order placed')
    })
    await new Promise(setImmediate)
  }
  const { user, system } = process.cpuUsage(before)
  call.send({ statusCode: 200, complete: true, header: () => undefined })
  return (user + system) / linesPerRound
}
