// Node reads a .js file as the nearest package.json says: mark each dist/cjs as CommonJS.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'

for (const name of readdirSync('packages')) {
  const folder = `packages/${name}/dist/cjs`
  if (existsSync(folder)) writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n')
}
