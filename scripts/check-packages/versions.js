import { readFileSync } from 'node:fs'

/** The files that state a version, and what each of their constants must be. */
export const stated = {
  core: { file: 'src/otel/version.ts', constants: ['VERSION', 'MAJOR'] },
  sdk: { file: 'src/config/version.ts', constants: ['VERSION'] },
  viewer: { file: 'src/settings/version.ts', constants: ['VERSION', 'MAJOR'] },
}

/** The constants that differ from the version in package.json, one sentence each. */
export function checkVersions(packages) {
  return Object.entries(stated).flatMap(([name, { file, constants }]) => {
    const { folder, manifest } = packages.find((each) => each.name === name)
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    const wanted = { VERSION: manifest.version, MAJOR: manifest.version.split('.')[0] }
    return constants
      .filter((constant) => statedIn(constant, text) !== wanted[constant])
      .map(
        (constant) =>
          `packages/${name}/${file}: ${constant} is not '${wanted[constant]}', as package.json has it`,
      )
  })
}

function statedIn(constant, text) {
  return new RegExp(`^export const ${constant} = '([^']*)'$`, 'm').exec(text)?.[1]
}
