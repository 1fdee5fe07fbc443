import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

/** What a package.json says about the application. */
export interface Service {
  readonly name: string | undefined
  readonly version: string | undefined
}

/**
 * The application's name and version, from the package.json nearest to its main module. For a
 * program that was installed (a framework's own command), from the one nearest to the working
 * directory instead.
 */
export function findService(mainModule: string | undefined, directory: string): Service {
  const main = mainModule === undefined ? undefined : resolveLinks(mainModule)
  const own = main !== undefined && !main.includes(`${sep}node_modules${sep}`)
  return nearestPackage(own ? dirname(main) : directory)
}

function resolveLinks(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function nearestPackage(directory: string): Service {
  const found = readPackage(join(directory, 'package.json'))
  if (found?.name !== undefined) return found
  const parent = dirname(directory)
  return parent === directory ? { name: undefined, version: undefined } : nearestPackage(parent)
}

function readPackage(path: string): Service | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(path, 'utf8'))
    return { name: filledText(name), version: filledText(version) }
  } catch {
    return undefined
  }
}

function filledText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
