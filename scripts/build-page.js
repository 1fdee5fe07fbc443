// Bundles the viewer's page into packages/viewer/dist/page: static files, names with their hashes.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { root } from './packages.js'

const source = join(root, 'packages/viewer/page')
const target = join(root, 'packages/viewer/dist/page')

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [join(source, 'main.tsx')],
  outdir: join(target, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022'],
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
})
writeFileSync(join(target, 'index.html'), page())
writeFileSync(join(target, 'licenses.txt'), licenses())

function page() {
  const [file, output] = Object.entries(metafile.outputs).find(([, each]) =>
    each.entryPoint?.endsWith('main.tsx'),
  )
  const address = (path) => `/assets/${path.split('/').at(-1)}`
  return readFileSync(join(source, 'index.html'), 'utf8')
    .replace('{script}', address(file))
    .replace('{style}', address(output.cssBundle))
}

/** The licences of what is in the bundle, which ask to go along with it. */
function licenses() {
  const folders = new Set(
    Object.keys(metafile.inputs)
      .map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
      .filter((folder) => folder !== undefined),
  )
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      return `${name} ${version}\n\n${licenseOf(join(root, folder)).trim()}\n`
    })
    .join('\n----\n\n')
}

function licenseOf(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
  if (file) return readFileSync(join(folder, file), 'utf8')
  const parent = dirname(folder)
  if (existsSync(join(parent, 'LICENSE'))) return readFileSync(join(parent, 'LICENSE'), 'utf8')
  throw new Error(`${folder} has no licence to ship with the bundle`)
}
