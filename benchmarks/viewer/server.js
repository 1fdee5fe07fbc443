// The viewer in a process of its own, which tells on request what it has used.
import { startViewer } from '../../packages/viewer/dist/esm/index.js'

const began = performance.now()
const viewer = await startViewer({ port: 0 })
process.send?.({ url: viewer.url, startMillis: performance.now() - began })
process.on('message', () => {
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  process.send?.({ cpuSeconds: (user + system) / 1e6, rss, heapUsed })
})
process.on('disconnect', () => process.exit())
