import { inspect } from 'node:util'
import { recordExamples } from './harness.ts'

// Compiled with the examples: `node run-examples.js [--record] FILE…` runs them one after the other.

const files = process.argv.slice(2)
if (files[0] === '--record') {
  files.shift()
  recordExamples()
}
for (const file of files) {
  const time = setTimeout(() => {
    process.stderr.write(`${file} does not end\n`)
    process.exit(1)
  }, 20_000)
  try {
    await import(file)
    globalThis.recorderOfExamples?.reset()
  } catch (error) {
    process.stderr.write(`${file}: ${inspect(error)}\n`)
    process.exitCode = 1
  }
  clearTimeout(time)
}
// Examples leave servers and connections open.
process.exit()
