const { spawnSync } = require('node:child_process')
const { readFileSync } = require('node:fs')
const { join, resolve } = require('node:path')
const { say } = require('./say.cjs')

const root = resolve(__dirname, '../..')

/**
 * Whether node_modules holds what the lockfile names. npm writes its own list into node_modules
 * when it is done; the two are compared by content, as a checkout changes only the file's time.
 */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json')
  const wanted = packagesOf('package-lock.json')
  return Object.keys(wanted).every((path) => {
    if (path === '') return true
    const found = installed[path]
    // The other platforms' binaries are optional and absent.
    if (!found) return Boolean(wanted[path].optional || wanted[path].devOptional)
    return found.version === wanted[path].version && found.link === wanted[path].link
  })
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw new Error(`${file} cannot be read: ${error.message}`)
  }
}

/** Runs `npm ci`, which says itself what goes wrong; throws an error of one sentence when it fails. */
function install() {
  say('Installing what package-lock.json names (about a minute)', () => {
    const { error, status } = runNpm(['ci', ...installOptions])
    if (error) throw new Error(`npm could not be started: ${error.message}.`)
    if (status !== 0) throw new Error('The installation failed: see the lines above.')
  })
}

const installOptions = [
  // The tests, the build and the demo are made of devDependencies, whatever NODE_ENV says.
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--fetch-retries=4',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=10000',
]

function runNpm(args) {
  // On stderr: the output of the command that needed the installation stays its own.
  const options = { cwd: root, env: installEnvironment(), stdio: ['ignore', 2, 2] }
  const script = process.env.npm_execpath
  // npm tells where it is; run by Node it needs no shell, not even on Windows.
  if (script && /npm-cli\.js$/.test(script)) {
    return spawnSync(process.execPath, [script, ...args], options)
  }
  if (process.platform !== 'win32') return spawnSync('npm', args, options)
  return spawnSync(['npm.cmd', ...args].join(' '), { ...options, shell: true })
}

/** The environment without what would make `npm ci` install elsewhere, in part or not at all. */
function installEnvironment() {
  const env = { ...process.env }
  const dropped =
    /^npm_config_(dry_run|global|global_style|include|install_links|install_strategy|location|lockfile_version|omit|only|package_lock|package_lock_only|prefix|local_prefix|production|workspaces?|include_workspace_root)$/i
  for (const name of Object.keys(env)) if (dropped.test(name)) delete env[name]
  return env
}

module.exports = { install, isInstalled }
