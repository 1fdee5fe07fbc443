import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { runService } from '../service/run-service.js'
import { openDatabase } from './open-database.js'

/** @type {Awaited<ReturnType<typeof openDatabase>> | undefined} */
let database
/** @type {PGLiteSocketServer | undefined} */
let server

await runService({
  start: async (port) => {
    database = await openDatabase()
    server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port, maxConnections: 1 })
    await server.start()
    return Number(server.getServerConn().split(':').at(-1))
  },
  stop: async () => {
    await server?.stop()
    await database?.close()
  },
})
