import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { settings, withoutCommonJsFiles } from './settings.js'

/**
 * Bundles ES modules; what several entries need, or what is imported only when needed, is a chunk.
 * Gives the names that each entry exports.
 */
export async function bundleModules(from, to, entries) {
  const { metafile } = await build({
    ...settings,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    entryPoints: entries.map((name) => join(from, `${name}.js`)),
    outdir: to,
    metafile: true,
    plugins: [withoutCommonJsFiles(resolve(from))],
  })
  const outputs = Object.entries(metafile.outputs)
  return Object.fromEntries(
    entries.map((name) => {
      const [, { exports }] = outputs.find(([path]) => path.endsWith(`/esm/${name}.js`))
      return [name, exports]
    }),
  )
}
