// Checks what is published as its users will find it: publint reads the package, Are the Types
// Wrong packs it and resolves every entry as Node and TypeScript do.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { publicPackages, root } from './packages.js'

const run = promisify(execFile)
/** The bytes that a package may weigh when it is unpacked, where that is promised. */
const MOST_BYTES = { '@callchain/viewer': 1_500_000 }
/** The entries, by package, that only ES modules load: Vitest itself is nothing else. */
const modulesOnly = { testing: ['vitest'] }
const waiting = publicPackages()
const faults = []

await Promise.all([work(), work()])
process.exitCode = faults.length === 0 ? 0 : 1

async function work() {
  for (let each = waiting.shift(); each; each = waiting.shift()) await check(each)
}

async function check(each) {
  const results = [
    await tool('publint', ['publint/src/cli.js', '--strict', each.folder], each),
    await tool(
      'attw',
      [
        ...['@arethetypeswrong/cli/dist/index.js', '--pack', each.folder, '--profile', 'strict'],
        ...(modulesOnly[each.name] ?? []).flatMap((entry) => ['--exclude-entrypoints', entry]),
      ],
      each,
    ),
    await weigh(each),
  ]
  const failed = results.filter(({ isFine }) => !isFine)
  faults.push(...failed)
  for (const { output } of failed) console.error(output)
  console.log(`${each.manifest.name}: ${failed.length === 0 ? 'fine' : 'faulty'}`)
}

async function weigh({ folder, manifest }) {
  const most = MOST_BYTES[manifest.name]
  if (most === undefined) return { isFine: true, output: '' }
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: folder })
  const [{ unpackedSize }] = JSON.parse(stdout)
  const output = `${manifest.name} is ${unpackedSize} bytes unpacked; at most ${most} are allowed`
  return { isFine: unpackedSize <= most, output }
}

async function tool(name, [script, ...args], each) {
  try {
    const options = { cwd: each.folder, env: { ...process.env, FORCE_COLOR: '0' } }
    await run(process.execPath, [`${root}/node_modules/${script}`, ...args], options)
    return { isFine: true, output: '' }
  } catch (error) {
    const output = `${error.stdout ?? ''}${error.stderr ?? ''}` || error.message
    return { isFine: false, output: `${name} on ${each.manifest.name}:\n${output}` }
  }
}
