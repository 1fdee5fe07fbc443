const { AsyncResource } = require('node:async_hooks')
const { Socket } = require('node:net')

/** Trace ids and users differ from request to request, as they do in life: no cache finds the last one again. */
const DIFFERENT_REQUESTS = 5000

/**
 * Calls a server of `node:http` from within its own process, over sockets without a system beneath
 * them: what is read as CPU time is the server's own work, without the system calls and their scatter.
 */
exports.openPipes = (server) => {
  const pipes = []
  let sent = 0
  // The other processes take their turns meanwhile.
  server.keepAliveTimeout = 3_600_000

  /** Sends requests, one at a time on each connection; rejects at an answer that is not 200. */
  function load({ requests, connections, sampled }) {
    while (pipes.length < connections) pipes.push(openPipe(server))
    let left = requests
    let answered = 0
    return new Promise((resolve, reject) => {
      const next = (pipe) => {
        if (left === 0) return
        left -= 1
        sent += 1
        pipe.send(requestOf(sent % DIFFERENT_REQUESTS, sampled), (error) => {
          if (error) return reject(error)
          answered += 1
          if (answered === requests) resolve()
          else next(pipe)
        })
      }
      for (const pipe of pipes.slice(0, connections)) next(pipe)
    })
  }
  return { load }
}

// The caller is not a part of any request: what it does runs in a context of its own.
const outside = new AsyncResource('the caller')
let due = []

/** What a caller does, it does in a turn of the event loop that comes after the answer: nothing is pipelined. */
function inNextTurn(step) {
  due.push(step)
  if (due.length === 1) outside.runInAsyncScope(setImmediate, undefined, runDue)
}

function runDue() {
  const steps = due
  due = []
  for (const step of steps) step()
}

/** A socket of Node's own, as a server gets it, whose other end is `receive`. */
class PipeSocket extends Socket {
  constructor(receive) {
    super()
    this.receive = receive
    // Where a socket keeps what it has asked the system for.
    this._peername = { address: '127.0.0.1', port: 40_000, family: 'IPv4' }
    this._sockname = { address: '127.0.0.1', port: 3000, family: 'IPv4' }
  }

  _read() {}

  _write(chunk, _encoding, done) {
    this.receive(chunk)
    done()
  }

  _writev(chunks, done) {
    for (const { chunk } of chunks) this.receive(chunk)
    done()
  }
}

function openPipe(server) {
  let received = ''
  let answer
  const answered = () => {
    const error = received.startsWith('HTTP/1.1 200 ') ? undefined : new Error(received)
    received = ''
    answer(error)
  }
  const socket = new PipeSocket((chunk) => {
    // What a message ends with may be nothing.
    if (chunk.length === 0) return
    received += typeof chunk === 'string' ? chunk : chunk.latin1Slice()
    if (isWhole(received)) inNextTurn(answered)
  })
  socket.on('close', () => answer?.(new Error('the server has closed a connection')))
  server.emit('connection', socket)
  return {
    send(bytes, callback) {
      answer = callback
      if (socket.destroyed) return callback(new Error('the server has closed a connection'))
      inNextTurn(() => socket.push(bytes))
    },
  }
}

function isWhole(text) {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return false
  const length = /\ncontent-length: (\d+)/i.exec(text)
  if (length === null) throw new Error(`an answer without a length: ${text}`)
  return text.length === head + 4 + Number(length[1])
}

const requestOf = (number, sampled) =>
  Buffer.from(
    `GET /users/${number}?x=1 HTTP/1.1\r\n` +
      'host: shop.example.com\r\n' +
      'connection: keep-alive\r\n' +
      'user-agent: benchmark/1.0\r\n' +
      `traceparent: 00-0af7651916cd43dd8448eb21${hex(number)}-b7ad6b71${hex(number)}-${sampled ? '01' : '00'}\r\n` +
      'tracestate: vendor=t61rcWkgMzE,rojo=00f067aa0ba902b7\r\n' +
      `baggage: tenant.id=acme,user.id=u-${number}\r\n\r\n`,
    'latin1',
  )

const hex = (number) => (number + 1).toString(16).padStart(8, '0')
