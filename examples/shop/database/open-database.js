import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'

const folder = new URL('../.cache/', import.meta.url)

/**
 * Opens an empty Postgres in memory. Making its files takes seconds, so they are kept for the next
 * start.
 * @returns {Promise<PGlite>}
 */
export async function openDatabase() {
  const file = new URL(`pglite-${await versionOfPglite()}.tar`, folder)
  return (await openKept(file)) ?? (await openNew(file))
}

/** @returns {Promise<string>} */
async function versionOfPglite() {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  return JSON.parse(await readFile(manifest, 'utf8')).version
}

/** @param {URL} file */
async function openKept(file) {
  try {
    const database = await PGlite.create({ loadDataDir: new Blob([await readFile(file)]) })
    await database.query('SELECT 1')
    return database
  } catch {
    return undefined
  }
}

/** @param {URL} file */
async function openNew(file) {
  const database = await PGlite.create()
  await keep(await database.dumpDataDir('none'), file).catch(() => {
    // A folder that cannot be written costs the next start some seconds, nothing else.
  })
  return database
}

/** @param {Blob} files @param {URL} file */
async function keep(files, file) {
  await mkdir(folder, { recursive: true })
  const draft = new URL(`draft-${process.pid}.tar`, folder)
  await writeFile(draft, Buffer.from(await files.arrayBuffer()))
  await rename(draft, file)
}
