import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import PgBoss from 'pg-boss'
import { queueSchema } from '../service/queue-names.js'

const folder = new URL('../.cache/', import.meta.url)

/**
 * Opens a Postgres in memory that is empty but for the tables of the queue. Making its files takes
 * seconds, so they are kept for the next start.
 * @returns {Promise<PGlite>}
 */
export async function openDatabase() {
  const versions = await Promise.all(['@electric-sql/pglite', 'pg-boss'].map(versionOf))
  const file = new URL(`postgres-${versions.join('-')}.tar`, folder)
  return (await openKept(file)) ?? (await openNew(file))
}

/** @param {string} library @returns {Promise<string>} */
async function versionOf(library) {
  const manifest = new URL('../package.json', import.meta.resolve(library))
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
  await database.exec(PgBoss.getConstructionPlans(queueSchema))
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
