// A process that makes calls: `node main.cjs <library> <variant>`. It obeys the harness over IPC.
const [library, variant] = process.argv.slice(2)
const { start } = require(`../outbound/variants/${variant}.cjs`)

// Before the library is loaded: some variants patch modules as they load.
const tracing = start({ subject: library, collector: process.env.BENCH_COLLECTOR })
const { open } = require(`./libraries/${library}.cjs`)
const ours = tracing.wraps ? require(`@callchain/${library}`) : undefined

const headersOf = (sampled) => ({
  traceparent: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${sampled ? '01' : '00'}`,
  baggage: 'tenant.id=acme,user.id=u-4711',
})

let opened

/** Fewer than the queue of a processor holds: nothing here gives it the time to send. */
const AT_ONCE = 200

const commands = {
  flush: () => tracing.flush(),
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  /** This many calls, within requests that came in with these headers. */
  async call({ calls, sampled }) {
    opened ??= await open(ours)
    for (let left = calls; left > 0; left -= AT_ONCE) {
      await tracing.inRequest(headersOf(sampled), async () => {
        for (let at = Math.min(left, AT_ONCE); at > 0; at -= 1) await opened.step()
      })
      await tracing.flush()
    }
  },
  seen: async () => opened.seen,
}

process.on('message', async ({ id, command, argument }) => {
  process.send({ id, value: await commands[command](argument) })
})
process.send({ ready: true })

process.on('disconnect', () => process.exit())
process.on('unhandledRejection', (error) => {
  console.error(error)
  process.exit(1)
})
