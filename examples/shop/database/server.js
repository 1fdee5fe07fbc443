import { runService } from '../service/run-service.js'
import { openDatabase } from './open-database.js'
import { serveDatabase } from './serve-database.js'

/** @type {Awaited<ReturnType<typeof openDatabase>> | undefined} */
let database
/** @type {Awaited<ReturnType<typeof serveDatabase>> | undefined} */
let server

await runService({
  start: async (port) => {
    database = await openDatabase()
    server = await serveDatabase(database, port)
    return server.port
  },
  stop: async () => {
    await server?.stop()
    await database?.close()
  },
})
