// One framework's application in a process of its own, which counts its spans and measures its heap.
import { applications } from './applications.js'
import { heapAfterCollection, startCounting } from './counting.js'

const counts = startCounting()

process.on('message', async () => process.send({ ...counts, heap: await heapAfterCollection() }))
process.on('disconnect', () => process.exit())
process.send({ port: await applications[process.argv[2]]() })
