// Loads the file that it is given, and prints how long the process has lived by then, its CPU time,
// and with `--count` how many files it has loaded.
import { writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [file, count] = process.argv.slice(2)
const files = count === '--count' ? await countFiles() : undefined
await import(pathToFileURL(file))
const millis = performance.now()
const { user, system } = process.cpuUsage()
writeSync(1, JSON.stringify({ millis, cpu: (user + system) / 1000, files: files?.size }))
process.exit()

async function countFiles() {
  const { Session } = await import('node:inspector')
  const found = new Set()
  const session = new Session()
  session.connect()
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (url.startsWith('file:') || url.startsWith('/')) found.add(url)
  })
  session.post('Debugger.enable')
  // Those that were parsed before are told at once, this file among them.
  found.clear()
  return found
}
