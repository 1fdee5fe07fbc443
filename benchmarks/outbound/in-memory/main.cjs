// A process that makes calls over sockets in memory: `node main.cjs <subject> <variant>`. It obeys the
// harness over IPC.
const [subject, variant] = process.argv.slice(2)
const { start } = require(`../variants/${variant}.cjs`)

// Before the client is loaded: some variants patch modules as they load.
const tracing = start({ subject, collector: process.env.BENCH_COLLECTOR })
const { atOnce, open } = require(`../calls/${subject}.cjs`)
const { connectHttp, replaceConnect, seen } = require('./sockets.cjs')
const { postgresStream } = require('./postgres.cjs')

const headersOf = (sampled) => ({
  traceparent: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${sampled ? '01' : '00'}`,
  baggage: 'tenant.id=acme,user.id=u-4711',
})

/** Microseconds of CPU for one of so many calls within one request, the export included. */
async function turn({ calls, sampled }, client) {
  const before = process.cpuUsage()
  await tracing.inRequest(headersOf(sampled), async () => {
    let left = calls
    const oneAfterTheOther = async () => {
      while (left-- > 0) await client.call()
    }
    await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther))
  })
  await tracing.flush()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

async function main() {
  const url = subject === 'pg' ? 'postgres://u:p@127.0.0.1/orders' : 'http://127.0.0.1:8080/stock/7'
  if (['fetch', 'undici', 'ky'].includes(subject)) replaceConnect()
  const client = await open(url, tracing.wraps, { connect: connectHttp, stream: postgresStream })
  const commands = { turn: (argument) => turn(argument, client), seen: () => seen }
  process.on('message', async ({ id, command, argument }) => {
    process.send({ id, value: await commands[command](argument) })
  })
  process.send({ ready: true })
}

process.on('disconnect', () => process.exit())
process.on('unhandledRejection', fail)
main().catch(fail)

function fail(error) {
  console.error(error)
  process.exit(1)
}
