import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/**
 * The path of the Node that `wanted` names: a path, or the number of a line, such as 24, whose newest
 * version npm brings the first time. Without a name, the Node that runs this.
 */
export async function findNode(wanted) {
  if (wanted === undefined) return process.execPath
  if (!/^\d+$/.test(wanted)) return wanted
  if (process.versions.node.startsWith(`${wanted}.`)) return process.execPath
  const folder = join(cache, `node-${wanted}`)
  const path = join(folder, 'node_modules/node/bin/node')
  if (!existsSync(path)) await install(folder, wanted)
  return path
}

/** What that Node says its version is. */
export async function versionOf(node) {
  const { stdout } = await run(node, ['--version'])
  return stdout.trim()
}

async function install(folder, line) {
  console.error(`npm brings Node ${line}`)
  mkdirSync(folder, { recursive: true })
  await runNpm(['install', '--prefix', folder, `node@${line}`, '--no-save'])
}

/** Runs npm. What an outer npm command was told, such as its prefix, is not meant for this one. */
export async function runNpm(args) {
  const env = Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name))
  await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    env: Object.fromEntries(env),
    shell: process.platform === 'win32',
  })
}
