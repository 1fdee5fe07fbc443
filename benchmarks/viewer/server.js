// The viewer in its own process, with the command's defaults. It says on request what it used.
import { keepHeapLean } from '../../packages/viewer/dist/cjs/cli/lean-heap.js'
import { startViewer } from '../../packages/viewer/index.js'

keepHeapLean()
const viewer = await startViewer({ port: 0 })

const commands = {
  usage() {
    const { user, system } = process.cpuUsage()
    const peak = process.resourceUsage().maxRSS * 1024
    return { cpuSeconds: (user + system) / 1e6, resident: process.memoryUsage().rss, peak }
  },
  collect() {
    globalThis.gc()
    const { rss, heapUsed } = process.memoryUsage()
    return { resident: rss, heap: heapUsed }
  },
}

process.on('message', ({ id, command }) => process.send({ id, value: commands[command]() }))
process.on('disconnect', () => process.exit())
process.send({ ready: true, value: viewer.url })
