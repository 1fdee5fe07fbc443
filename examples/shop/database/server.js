import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { runService } from '../service/run-service.js'

/** @type {PGlite | undefined} */
let database
/** @type {PGLiteSocketServer | undefined} */
let server

await runService({
  start: async (port) => {
    database = await PGlite.create()
    server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port, maxConnections: 1 })
    await server.start()
    return Number(server.getServerConn().split(':').at(-1))
  },
  stop: async () => {
    await server?.stop()
    await database?.close()
  },
})
