// How much of the contracts a runtime keeps; docs/runtimes.md has the figures. On built packages:
// node scripts/runtimes.js COMMAND…, such as `node`, `bun` or `deno run -A`.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { build } from 'esbuild'
import { root } from './packages.js'

const [command = process.execPath, ...args] = process.argv.slice(2)
// Inside the repository, where the packages are found by name.
const outfile = `${root}/dist/runtimes/contracts-${process.pid}.mjs`

await build({
  entryPoints: [`${root}/scripts/runtimes/contracts.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
})
const child = spawn(command, [...args, outfile], { cwd: root, stdio: 'inherit' })
child.on('error', (error) => console.error(`${command} cannot be run: ${error.message}`))
child.on('close', (code) => {
  rmSync(outfile)
  process.exitCode = code ?? 1
})
