// Prints how many files Node loads to import an entry: its own, and those of what it needs.
import { Session } from 'node:inspector'

const files = new Set()
const session = new Session()
session.connect()
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  if (url.startsWith('file:')) files.add(url)
})
session.post('Debugger.enable')
const before = files.size
await import(process.argv[2])
console.log(files.size - before)
