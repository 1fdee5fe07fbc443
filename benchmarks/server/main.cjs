// A server process: `node main.cjs <framework> <variant>`. It obeys the harness over IPC.
const [framework, variant] = process.argv.slice(2)
const { start } = require(`./variants/${variant}.cjs`)

const commands = {
  flush: (tracing) => tracing.flush(),
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
}

async function main() {
  // Before the framework is loaded: some variants patch modules as they load.
  const tracing = await start({ framework, collector: process.env.BENCH_COLLECTOR })
  const { listen } = require(`./${framework}.cjs`)
  const port = await listen(tracing.middleware)
  process.on('message', async ({ id, command }) => {
    process.send({ id, value: await commands[command](tracing) })
  })
  process.send({ ready: true, value: port })
}

process.on('disconnect', () => process.exit())
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
