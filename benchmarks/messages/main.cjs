// A process that sends messages, or handles them: `node main.cjs <library>-<send|handle> <variant>`. It
// obeys the harness over IPC.
const [subject, variant] = process.argv.slice(2)
const [library, side] = subject.split('-')
const { start } = require(`../outbound/variants/${variant}.cjs`)

// Before the library is loaded: some variants patch modules as they load.
const tracing = start({ subject: library, collector: process.env.BENCH_COLLECTOR })
const { openHandler, openSender } = require(`./libraries/${library}.cjs`)

const headersOf = (sampled) => ({
  traceparent: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${sampled ? '01' : '00'}`,
  baggage: 'tenant.id=acme,user.id=u-4711',
})

const wrappers = {
  kafkajs: () => require('@callchain/messaging/kafkajs').traceKafka,
  amqplib: () => require('@callchain/messaging/amqplib').traceAmqp,
}
const wrap = tracing.wraps ? wrappers[library]() : (instance) => instance

const handled = { messages: 0 }
const onMessage = async () => {
  handled.messages += 1
}

const open = { true: undefined, false: undefined }
async function opened(sampled) {
  open[sampled] ??= await (side === 'send'
    ? openSender(wrap)
    : openHandler(wrap, headersOf(sampled), onMessage))
  return open[sampled]
}

/** Fewer than the queue of a processor holds: nothing here gives it the time to send. */
const AT_ONCE = 500

const commands = {
  flush: () => tracing.flush(),
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  /** This many messages; those that are sent, within one request that came in with these headers. */
  async call({ calls, sampled }) {
    const { step } = await opened(sampled)
    for (let left = calls; left > 0; left -= AT_ONCE) {
      const some = async () => {
        for (let at = Math.min(left, AT_ONCE); at > 0; at -= 1) await step()
      }
      if (side === 'send') await tracing.inRequest(headersOf(sampled), some)
      else await some()
      await tracing.flush()
    }
  },
  async seen({ sampled }) {
    const { seen } = await opened(sampled)
    return side === 'send' ? seen : { ...handled }
  },
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
