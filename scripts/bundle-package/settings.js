import { relative } from 'node:path'

/** What both bundles have in common. Names and lines stay readable: users see them in stack traces. */
export const settings = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
}

/** Leaves files that are CommonJS in both builds out: they are copied to the same place. */
export const withoutCommonJsFiles = (folder) => ({
  name: 'without-common-js-files',
  setup(build) {
    build.onResolve({ filter: /^\..*\.cjs$/ }, async ({ path, resolveDir, pluginData, kind }) => {
      if (pluginData === 'asked') return undefined
      const found = await build.resolve(path, { resolveDir, kind, pluginData: 'asked' })
      const place = relative(folder, found.path).replaceAll('\\', '/')
      return { path: `./${place}`, external: true }
    })
  },
})
