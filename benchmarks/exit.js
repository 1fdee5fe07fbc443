// What `keep` and `redact` cost a request of five spans, in CPU: next to a request that is sent, and one
// that the sampler leaves out.
//
//   npm run build && node benchmarks/exit.js [turns] [--json]

import { measureExit } from './exit/measure.js'

const args = process.argv.slice(2)
const rows = measureExit(Number(args.find((arg) => /^\d+$/.test(arg)) ?? 31))
if (args.includes('--json')) console.log(JSON.stringify(rows))
else {
  for (const { name, micros, ratio, addedToSpan } of rows) {
    const times = `${ratio.toFixed(2)} of one that is sent`
    console.log(`${name}: ${micros.toFixed(1)} µs, ${times}, ${addedToSpan.toFixed(2)} µs a span`)
  }
}
