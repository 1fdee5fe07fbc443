import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { readOptions } from './harness/options.js'
import { writePage } from './harness/page.js'
import { intro, outro } from './harness/page-texts.js'
import { sections } from './sections/index.js'

const args = process.argv.slice(2)
const options = readOptions(args)
const results = {}
const texts = {}

for (const name of options.sections) {
  const section = sections[name]
  console.error(`== ${name}`)
  const load = loadavg()[0]
  const began = performance.now()
  results[name] = await section.measure(options)
  const seconds = (performance.now() - began) / 1000
  const text = section.render(results[name], options)
  texts[name] = `## ${section.title}\n\n${occasion({ section, load, seconds })}\n\n${text}`
  console.log(`${texts[name]}\n`)
  // At once, so that what has been measured is kept when a later section fails.
  if (options.page) {
    await writePage(options.page, texts, { order: Object.keys(sections), intro, outro })
  }
}
if (options.json) await writeFile(options.json, JSON.stringify({ args, results }))

/** When, how and where a section was measured. */
function occasion({ section, load, seconds }) {
  // Where the page and the samples went says nothing about them.
  const said = args.filter(
    (arg, at) => !/^--(page|json)/.test(arg) && !/^--(page|json)$/.test(args[at - 1]),
  )
  const command = ['npm run bench --prefix benchmarks', ...(said.length > 0 ? ['--', ...said] : [])]
  const { rounds, turns, requests, warmup } = options
  const size = `${rounds} rounds of ${turns} turns of ${requests}, after ${warmup} to warm up`
  const facts = [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`${command.join(' ')}\``,
    ...(section.subjects ? [size] : []),
    `Node ${process.version}`,
    `${cpus().length} × ${cpus()[0].model.trim()}`,
    `load average ${load.toFixed(1)} when it began`,
    `${seconds.toFixed(0)} s`,
  ]
  return `*${facts.join('; ')}.*`
}
