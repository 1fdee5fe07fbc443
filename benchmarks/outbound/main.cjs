// A process that makes calls: `node main.cjs <subject> <variant>`. It obeys the harness over IPC.
const [subject, variant] = process.argv.slice(2)
const { start } = require(`./variants/${variant}.cjs`)

// Before the client is loaded: some variants patch modules as they load.
const tracing = start({ subject, collector: process.env.BENCH_COLLECTOR })
const { atOnce, open } = require(`./calls/${subject}.cjs`)

const traceId = '0af7651916cd43dd8448eb211c80319c'
const headersOf = (sampled) => ({
  traceparent: `00-${traceId}-b7ad6b7169203331-${sampled ? '01' : '00'}`,
  baggage: 'tenant.id=acme,user.id=u-4711',
})

const commands = {
  flush: () => tracing.flush(),
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  /** This many calls within one request that came in with these headers, some at once. */
  call: ({ calls, sampled }, client) =>
    tracing.inRequest(headersOf(sampled), async () => {
      let left = calls
      const oneAfterTheOther = async () => {
        while (left-- > 0) await client.call()
      }
      await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther))
    }),
}

async function main() {
  const client = await open(process.env.BENCH_TARGET, tracing.wraps)
  process.on('message', async ({ id, command, argument }) => {
    process.send({ id, value: await commands[command](argument, client) })
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
