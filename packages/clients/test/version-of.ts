import { existsSync, readFileSync } from 'node:fs'

/** The version of a package that is installed for these tests, by the name it has here. */
export function versionOf(name: string): string {
  const folders = ['packages/clients/node_modules', 'node_modules']
  const folder = folders.find((each) => existsSync(`${each}/${name}`))
  return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version
}
