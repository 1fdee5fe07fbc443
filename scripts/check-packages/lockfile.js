import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { root } from '../packages.js'

/** Tools that install a binary of their own for each platform, if we use them, and its name. */
const tools = {
  '@biomejs/biome': ({ plain }) => `@biomejs/cli-${plain}`,
  '@swc/core': ({ abi }) => `@swc/core-${abi}`,
  typescript: ({ plain }) => `@typescript/typescript-${plain}`,
  esbuild: ({ plain }) => `@esbuild/${plain}`,
  'oxc-parser': ({ abi }) => `@oxc-parser/binding-${abi}`,
  'unrs-resolver': ({ abi }) => `@unrs/resolver-binding-${abi}`,
}

const platforms = [
  { plain: 'darwin-arm64', abi: 'darwin-arm64' },
  { plain: 'darwin-x64', abi: 'darwin-x64' },
  { plain: 'linux-arm64', abi: 'linux-arm64-gnu' },
  { plain: 'linux-x64', abi: 'linux-x64-gnu' },
  { plain: 'win32-x64', abi: 'win32-x64-msvc' },
]

/** The faults that would keep `npm ci` from serving another machine, one sentence each. */
export function checkLockfile() {
  const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'))
  const named = Object.entries(packages)
    .filter(([, { resolved }]) => resolved?.includes('://'))
    .map(([path]) => `package-lock.json names the registry that ${path} came from`)
  const missing = platforms.flatMap((platform) =>
    Object.entries(tools)
      .filter(([tool]) => packages[`node_modules/${tool}`])
      .map(([tool, binaryFor]) => ({ tool, path: `node_modules/${binaryFor(platform)}` }))
      .filter(({ path }) => !packages[path])
      .map(({ tool, path }) => `package-lock.json lacks ${path}, the binary of ${tool}`),
  )
  return [...named, ...missing, ...workspaces().flatMap((path) => staleEntry(path, packages[path]))]
}

/** The folders of the root's workspaces, the root itself as '' first. */
function workspaces() {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(`${root}/${parent}`).map((name) => `${parent}/${name}`),
  )
  return ['', ...folders.filter((path) => existsSync(`${root}/${path}/package.json`))]
}

/** Whether a workspace asks for other packages than the lockfile knows: then `npm ci` refuses. */
function staleEntry(path, locked) {
  const file = path === '' ? 'package.json' : `${path}/package.json`
  if (!locked) return [`package-lock.json lacks ${path}: run \`npm install\``]
  const manifest = JSON.parse(readFileSync(`${root}/${file}`, 'utf8'))
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
    .filter((kind) => !isDeepStrictEqual(manifest[kind] ?? {}, locked[kind] ?? {}))
    .map((kind) => `package-lock.json does not match the ${kind} of ${file}: run \`npm install\``)
}
