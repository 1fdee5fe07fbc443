// What a span costs alone, recorded and encoded, and what it holds while it waits: the recorder, and
// OpenTelemetry's SDKs with their own serialiser. With `--json` for programs.
//
//   npm run build && node --expose-gc benchmarks/spans.js [recorder,sdk-2,sdk-3] [turns]
import { measureCost, measureKept } from './span/measure.js'

const [names = 'recorder,sdk-2', turns = '41'] = process.argv.slice(2).filter(isArgument)
const costs = measureCost(names.split(','), Number(turns))
const rows = costs.map((cost) => ({ ...cost, kept: globalThis.gc && measureKept(cost.name) }))
if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
else for (const row of rows) console.log(lineOf(row))

function isArgument(text) {
  return !text.startsWith('--')
}

function lineOf({ name, nanoseconds, ratio, kept }) {
  const held = kept === undefined ? '' : `, holds ${kept.toFixed(0)} bytes`
  return `${name}: ${nanoseconds.toFixed(0)} ns a span, ${ratio.toFixed(2)} of SDK 2${held}`
}
