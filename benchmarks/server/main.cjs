// A server process: `node main.cjs <framework> <variant> [pipes]`. It obeys the harness over IPC, and
// listens on a free port of the loopback, or is called over pipes from within its own process.
const { once } = require('node:events')
const { openPipes } = require('./pipes.cjs')

const [framework, variant, transport] = process.argv.slice(2)
const { start } = require(`./variants/${variant}.cjs`)

const commands = {
  flush: ({ tracing }) => tracing.flush(),
  load: ({ pipes }, load) => pipes.load(load),
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
}

async function main() {
  // Before the framework is loaded: some variants patch modules as they load.
  const tracing = await start({ framework, collector: process.env.BENCH_COLLECTOR })
  const { create } = require(`./${framework}.cjs`)
  const server = await create(tracing.middleware)
  const pipes = transport === 'pipes' ? openPipes(server) : undefined
  process.on('message', async ({ id, command, argument }) => {
    process.send({ id, value: await commands[command]({ tracing, pipes }, argument) })
  })
  process.send({ ready: true, value: pipes ? 0 : await portOf(server) })
}

async function portOf(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server.address().port
}

process.on('disconnect', () => process.exit())
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
