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

/** Runs `npm ci` and throws an error of one sentence when it fails. */
function install() {
  say('Installing what package-lock.json names (about a minute)', () => {
    const result = runNpm(['ci', ...installOptions])
    if (result.error) throw new Error(`npm could not be started: ${result.error.message}.`)
    if (result.status !== 0) throw new Error(sentence(`${result.stdout}\n${result.stderr}`))
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
  const options = { cwd: root, encoding: 'utf8', env: installEnvironment(), stdio: 'pipe' }
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

const unreachable =
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|ERR_SOCKET|EHOSTUNREACH|ENETUNREACH|ENOTCACHED|FETCH_ERROR|E50\d|SELF_SIGNED|UNABLE_TO|DEPTH_ZERO|CERT_)/

/** What went wrong, from npm's output, in one sentence and a pointer to npm's log. */
function sentence(output) {
  const code = /npm (?:error|ERR!) code (\S+)/.exec(output)?.[1] ?? 'no code'
  const log = /complete log of this run can be found in:\s*(?:npm (?:error|ERR!)\s*)?(.+)/.exec(
    output,
  )
  const hint = log ? `; npm's log is ${log[1].trim()}` : '; run `npm ci` to see why'
  if (code === 'EUSAGE')
    return `package-lock.json does not match the package.json files; run \`npm install\`${hint}.`
  if (!unreachable.test(code)) return `npm could not install the packages (${code})${hint}.`
  const registry = runNpm(['config', 'get', 'registry']).stdout?.trim() || 'its registry'
  return `npm could not reach ${registry} (${code}): check the network or the proxy, then try again${hint}.`
}

module.exports = { install, isInstalled }
