// Writes llms.txt, which tells an assistant where everything is: the guide of each package, and each page
// in docs/ with its first sentence. --check fails where it is not what is written there, and where a
// package has no guide; --write also puts "AGENTS.md" into the files that the package ships.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { entriesOf, publicPackages, root } from './packages.js'

const isWriting = process.argv.includes('--write')
const packages = publicPackages()
const faults = packages.flatMap(guideFaults)
const file = `${root}/llms.txt`
if (isWriting) writeFileSync(file, llms())
else if (!existsSync(file) || readFileSync(file, 'utf8') !== llms())
  faults.push('llms.txt is not what the guides and pages say: node scripts/guides.js --write')
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1

/** What a package's guide lacks. */
function guideFaults(each) {
  const guide = `packages/${each.name}/AGENTS.md`
  if (isWriting) shipGuide(each)
  else if (!each.manifest.files.includes('AGENTS.md'))
    return [`packages/${each.name}/package.json: files lack "AGENTS.md"`]
  if (!existsSync(`${root}/${guide}`))
    return [`${guide} is missing: what to import, how to wire it, the traps, how to check`]
  const text = readFileSync(`${root}/${guide}`, 'utf8')
  const wanted = ['## Import', '## Wire', '## Traps', '## Check']
  const entries = entriesOf(each).filter((entry) => !entry.endsWith('/internal'))
  return [...wanted, ...entries]
    .filter((part) => !text.includes(part))
    .map((part) => `${guide} does not have ${part}`)
}

function shipGuide({ folder, manifest }) {
  if (manifest.files.includes('AGENTS.md')) return
  const changed = { ...manifest, files: [...manifest.files, 'AGENTS.md'] }
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(changed, null, 2)}\n`)
}

function llms() {
  const guides = packages
    .filter(({ folder }) => existsSync(`${folder}/AGENTS.md`))
    .map(({ name, manifest }) =>
      lineOf(manifest.name, `packages/${name}/AGENTS.md`, manifest.description),
    )
  const pages = readdirSync(`${root}/docs`, { recursive: true })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md') && !/\.[a-z]{2}-[A-Z]{2}\.md$/.test(name))
    .sort()
    .map((name) => lineOf(titleOf(name), name))
  return `# Callchain

> Follows one request through every Node.js service that serves it, on OpenTelemetry: middleware for Express, Koa and Fastify, wrapped HTTP clients, database drivers and loggers, and a local viewer. Nothing is patched: the application, the client or the pool is handed over in code.

An application needs \`startTracing()\` of \`@callchain/sdk\` and \`tracing()\` of its framework's package; the rest is one line each. \`OTEL_TRACES_EXPORTER=console\` shows at once whether it works. Node.js \`^20.19 || >=22.12\`, ES modules and CommonJS.

## Packages

Each guide says what to import, how to wire it, the traps and how to check; it is in node_modules as well, as \`AGENTS.md\` of the package.

${guides.join('\n')}

## Documentation

${[lineOf('The first example', 'README.md'), ...pages].join('\n')}
`
}

function titleOf(name) {
  return /^# (.+)$/m.exec(readFileSync(`${root}/${name}`, 'utf8'))?.[1] ?? name
}

function lineOf(title, target, description) {
  return `- [${title}](${target})${description ? `: ${description}` : ''}`
}
