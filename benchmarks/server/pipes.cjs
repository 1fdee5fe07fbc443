const { duplexPair } = require('node:stream')

/** Trace ids and users differ from request to request, as they do in life: no cache finds the last one again. */
const DIFFERENT_REQUESTS = 5000

/**
 * Calls a server of `node:http` from within its own process, over pairs of streams instead of sockets:
 * what is read as CPU time is the server's own work, without the system calls and their scatter.
 */
exports.openPipes = (server) => {
  const pipes = []
  let sent = 0

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

function openPipe(server) {
  const [near, far] = duplexPair()
  // What a server asks its socket.
  Object.assign(far, { remoteAddress: '127.0.0.1', remotePort: 40_000, remoteFamily: 'IPv4' })
  server.emit('connection', far)
  let received = ''
  let answer
  near.setEncoding('latin1')
  near.on('data', (text) => {
    received = received === '' ? text : received + text
    if (!isWhole(received)) return
    const error = received.startsWith('HTTP/1.1 200 ') ? undefined : new Error(received)
    received = ''
    answer(error)
  })
  near.on('close', () => answer?.(new Error('the server has closed a connection')))
  return {
    send(bytes, callback) {
      answer = callback
      near.write(bytes)
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
  `GET /users/${number}?x=1 HTTP/1.1\r\n` +
  'host: shop.example.com\r\n' +
  'connection: keep-alive\r\n' +
  'user-agent: benchmark/1.0\r\n' +
  `traceparent: 00-0af7651916cd43dd8448eb21${hex(number)}-b7ad6b71${hex(number)}-${sampled ? '01' : '00'}\r\n` +
  'tracestate: vendor=t61rcWkgMzE,rojo=00f067aa0ba902b7\r\n' +
  `baggage: tenant.id=acme,user.id=u-${number}\r\n\r\n`

const hex = (number) => (number + 1).toString(16).padStart(8, '0')
