import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { findNode, versionOf } from './harness/find-node.js'
import { readOptions } from './harness/options.js'
import { writePage } from './harness/page.js'
import { intro, outro } from './harness/page-texts.js'
import { sections } from './sections/index.js'

const args = process.argv.slice(2)
const options = readOptions(args)
options.node = await findNode(options.node)
const nodeVersion = await versionOf(options.node)
const results = {}
const texts = {}

for (const name of options.sections) {
  const section = sections[name]
  console.error(`== ${name}`)
  const load = loadavg()[0]
  const began = performance.now()
  const sized = scaled(options, section.scale ?? 1)
  results[name] = await section.measure(sized)
  const seconds = (performance.now() - began) / 1000
  const text = section.render(results[name], sized)
  texts[name] =
    `## ${section.title}\n\n${occasion({ ...{ section, sized, load, seconds }, node: results[name].node })}\n\n${text}`
  console.log(`${texts[name]}\n`)
  // At once, so that what has been measured is kept when a later section fails.
  if (options.page) {
    await writePage(options.page, texts, { order: Object.keys(sections), intro, outro })
  }
}
if (options.json) await writeFile(options.json, JSON.stringify({ args, results }))

function scaled(options, scale) {
  return { ...options, requests: options.requests * scale, warmup: options.warmup * scale }
}

/** When, how and where a section was measured. */
function occasion({ section, sized, node, load, seconds }) {
  // Where the page and the samples went says nothing about them.
  const said = args.filter(
    (arg, at) => !/^--(page|json)/.test(arg) && !/^--(page|json)$/.test(args[at - 1]),
  )
  const command = ['npm run bench --prefix benchmarks', ...(said.length > 0 ? ['--', ...said] : [])]
  const { rounds, turns, requests, warmup } = sized
  const size = `${rounds} rounds of ${turns} turns of ${requests}, after ${warmup} to warm up`
  const facts = [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`${command.join(' ')}\``,
    ...(section.subjects ? [size] : []),
    `Node ${node ?? nodeVersion}`,
    `${cpus().length} × ${cpus()[0].model.trim()}`,
    `load average ${load.toFixed(1)} when it began`,
    `${seconds.toFixed(0)} s`,
  ]
  return `*${facts.join('; ')}.*`
}
