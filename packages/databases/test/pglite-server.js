// Serves an empty Postgres on a free port, which it sends to its parent; ends with its parent.
// Making the database's files takes seconds, so they are kept under node_modules for the next time.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

const folder = new URL('../../../node_modules/.cache/callchain/', import.meta.url)
const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
const { version } = JSON.parse(await readFile(manifest, 'utf8'))
const kept = new URL(`pglite-${version}.tar`, folder)

const database = (await openKept()) ?? (await openNew())
const server = new PGLiteSocketServer({
  db: database,
  host: '127.0.0.1',
  port: 0,
  maxConnections: 20,
})
await server.start()
process.once('disconnect', async () => {
  await server.stop()
  await database.close()
  process.exit()
})
process.send(server.getServerConn())

async function openKept() {
  try {
    const opened = await PGlite.create({ loadDataDir: new Blob([await readFile(kept)]) })
    await opened.query('SELECT 1')
    return opened
  } catch {
    return undefined
  }
}

async function openNew() {
  const opened = await PGlite.create()
  const files = await opened.dumpDataDir('none')
  await mkdir(folder, { recursive: true })
  const draft = new URL(`draft-${process.pid}.tar`, folder)
  await writeFile(draft, Buffer.from(await files.arrayBuffer()))
  await rename(draft, kept)
  return opened
}
