// `npm run check`: everything that must hold before a change goes in, one line a step. A failing
// step prints its output, the others go on. `--only lint,build` and `--except tests` select.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './packages.js'

const folder = mkdtempSync(join(tmpdir(), 'callchain-check-'))
const results = join(folder, 'tests.json')

const built = 'node scripts/set-up.cjs --build --no-install'

/** Each step's commands are run one after the other; the first that fails ends the step. */
const steps = {
  'set-up': ['node scripts/set-up.cjs'],
  tests: [
    `npx jest --ci --json --outputFile=${quoted(results)}`,
    `node scripts/check-tests.js ${quoted(results)}`,
  ],
  lint: ['npm run --silent lint'],
  build: ['npm run --silent build'],
  packages: [
    'node scripts/check-packages.js',
    'node scripts/reference.js --check',
    'node scripts/guides.js --check',
  ],
  pack: [built, 'node scripts/pack-check.js', 'node scripts/package-sizes.js'],
  fresh: ['node scripts/pack-fresh.js'],
  smoke: [built, 'node scripts/smoke.js'],
  newer: [built, 'node scripts/newer-node.js'],
  // With one seed, so that a run can be repeated; without one it is another each time.
  fuzz: [built, 'node scripts/fuzz-headers.js 1000000 20261122'],
  hostile: [built, 'node scripts/hostile-headers.js'],
  soak: [
    built,
    'node scripts/soak.js',
    'node scripts/soak-spans.js 100000',
    'node scripts/soak-messages.js 100000',
    'node scripts/soak-calls.js 10000',
    'node --expose-gc scripts/waiting-spans.js',
  ],
  speed: [built, 'node benchmarks/check.js'],
  demo: ['npm start --silent -- --once'],
}

const chosen = choose(process.argv.slice(2))
const failed = []
for (const name of chosen) await runStep(name)
rmSync(folder, { recursive: true, force: true })
console.log(
  failed.length === 0
    ? `All ${chosen.length} steps passed.`
    : `${failed.length} of ${chosen.length} steps failed: ${failed.join(', ')}.`,
)
process.exitCode = failed.length === 0 ? 0 : 1

function choose(args) {
  const names = Object.keys(steps)
  const [option, list] = args
  if (option === undefined) return names
  const given = (list ?? '').split(',')
  const unknown = given.filter((name) => !names.includes(name))
  if (unknown.length > 0 || !['--only', '--except'].includes(option) || args.length > 2) {
    console.error(`Usage: check.js [--only a,b | --except a,b], of ${names.join(', ')}`)
    process.exit(2)
  }
  return names.filter((name) => given.includes(name) === (option === '--only'))
}

async function runStep(name) {
  const start = Date.now()
  let output = ''
  let isFine = true
  for (const command of steps[name]) {
    const result = await run(command)
    output += result.output
    isFine = result.code === 0
    if (!isFine) break
  }
  const seconds = ((Date.now() - start) / 1000).toFixed(1)
  console.log(`${isFine ? 'ok    ' : 'FAILED'} ${name.padEnd(8)} ${seconds.padStart(6)} s`)
  if (isFine) return
  failed.push(name)
  console.log(output)
}

function run(command) {
  return new Promise((resolve) => {
    const options = { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'pipe'] }
    const child = spawn(command, options)
    let output = `$ ${command}\n`
    const add = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('close', (code) => resolve({ code, output }))
  })
}

function quoted(path) {
  return `"${path}"`
}
