import { createServer } from 'node:net'
import { close, listen } from '../service/listen.js'
import { readRequests } from './read-requests.js'

/** @typedef {import('@electric-sql/pglite').PGlite} PGlite */

/**
 * Lets several clients use one PGlite, which has a single session: a request runs as a whole, and a
 * transaction keeps the other clients waiting until it ends.
 * @param {PGlite} database
 * @param {number} port 0 lets the system choose
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
export async function serveDatabase(database, port) {
  const turns = createTurns()
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set()
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true))
    const client = serveClient(database, turns, socket)
    socket.on('data', client.read)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      sockets.delete(socket)
      client.leave()
    })
  })
  return {
    port: await listen(server, port),
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return close(server)
    },
  }
}

/**
 * @param {PGlite} database
 * @param {ReturnType<typeof createTurns>} turns
 * @param {import('node:net').Socket} socket
 */
function serveClient(database, turns, socket) {
  const me = {}
  let done = Promise.resolve()
  /** @param {import('./read-requests.js').Request} request */
  const answer = async ({ bytes, isComplete }) => {
    await turns.take(me)
    try {
      /** @param {Uint8Array} data */
      const onRawData = (data) => {
        if (socket.writable) socket.write(Buffer.from(data))
      }
      await database.execProtocolRawStream(bytes, { onRawData })
    } finally {
      if (isComplete && !database.isInTransaction()) turns.give(me)
    }
  }
  const leave = async () => {
    if (!turns.has(me)) return
    if (database.isInTransaction()) await database.exec('ROLLBACK')
    turns.give(me)
  }
  /** @param {() => Promise<void>} work */
  const next = (work) => {
    done = done.then(work).catch(() => void socket.destroy())
  }
  return {
    read: readRequests({
      onSslAsked: () => socket.write('N'),
      onRequest: (request) => next(() => answer(request)),
      onEnd: () => socket.end(),
    }),
    leave: () => next(leave),
  }
}

/** Whose turn it is to use the database: first come, first served. */
function createTurns() {
  /** @type {object | undefined} */
  let holder
  /** @type {{ who: object, go: () => void }[]} */
  const waiting = []
  return {
    /** @param {object} who @returns {Promise<void>} */
    take(who) {
      if (holder === who) return Promise.resolve()
      if (holder === undefined) {
        holder = who
        return Promise.resolve()
      }
      return new Promise((go) => waiting.push({ who, go }))
    },
    /** @param {object} who */
    give(who) {
      if (holder !== who) return
      const next = waiting.shift()
      holder = next?.who
      next?.go()
    },
    /** @param {object} who */
    has: (who) => holder === who,
  }
}
