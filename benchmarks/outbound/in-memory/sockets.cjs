// Sockets that answer by themselves, without a system call: what is measured is the client alone.
const { AsyncResource } = require('node:async_hooks')
const net = require('node:net')
const { Duplex } = require('node:stream')

// What a socket reads runs in the context of its handle, not in that of the request.
const outside = new AsyncResource('in-memory sockets')
let answers = []

function answerLater(socket, bytes) {
  answers.push([socket, bytes])
  if (answers.length === 1) outside.runInAsyncScope(setImmediate, undefined, answerAll)
}

function answerAll() {
  const due = answers
  answers = []
  for (const [socket, bytes] of due) socket.push(bytes)
}

/** A duplex stream with the face of a `net.Socket`; `answer(bytes)` says what comes back, if anything. */
class MemorySocket extends Duplex {
  constructor(answer) {
    super()
    this.answer = answer
    this.remoteAddress = '127.0.0.1'
    this.remotePort = 8080
    this.remoteFamily = 'IPv4'
    this.connecting = false
  }

  connect() {
    process.nextTick(() => this.emit('connect'))
    return this
  }

  setKeepAlive() {
    return this
  }

  setNoDelay() {
    return this
  }

  setTimeout() {
    return this
  }

  ref() {
    return this
  }

  unref() {
    return this
  }

  _read() {}

  _write(chunk, _encoding, done) {
    const bytes = this.answer(chunk)
    if (bytes !== undefined) answerLater(this, bytes)
    done()
  }

  _final(done) {
    this.push(null)
    done()
  }
}
exports.MemorySocket = MemorySocket

const body = JSON.stringify({
  id: 7,
  sku: 'P-7001',
  name: 'Fountain pen, broad nib',
  available: 12,
  shelves: [
    { id: 'A-12', count: 8 },
    { id: 'C-03', count: 4 },
  ],
  updated: '2026-01-05T09:30:00.000Z',
})
const response = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: keep-alive\r\nkeep-alive: timeout=300\r\n\r\n${body}`,
)

/** What came over the connections of HTTP. */
exports.seen = { calls: 0, traced: 0, withTenant: 0 }

function answerHttp(chunk) {
  const { seen } = exports
  const text = chunk.latin1Slice(0, chunk.length)
  if (!text.endsWith('\r\n\r\n')) return undefined
  seen.calls += 1
  if (text.includes('traceparent: 00-0af7651916cd43dd8448eb211c80319c')) seen.traced += 1
  if (text.includes('tenant.id=acme')) seen.withTenant += 1
  return response
}

/** In place of `net.connect`, for a client of HTTP. */
exports.connectHttp = () => new MemorySocket(answerHttp).connect()

/** Makes every client that connects with `net.connect` get such a socket: undici does, in Node too. */
exports.replaceConnect = () => {
  net.connect = exports.connectHttp
}
