// Requests over raw sockets: kept alive, pipelined, and now and then abandoned in mid-answer.
import { once } from 'node:events'
import { connect } from 'node:net'

const GROUP = ['/none', '/boom', '/stream', '/ok/1']
const END = '#end#'
const EVERY = 25
const HEADERS =
  'Host: a\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nbaggage: tenant.id=acme\r\n\r\n'

function get(path) {
  return `GET ${path} HTTP/1.1\r\n${HEADERS}`
}

/** Sends `count` requests over some connections; resolves to how many of them were abandoned. */
export async function load(port, count, connections = 20) {
  let left = count
  let abandoned = 0
  async function worker() {
    let socket = await open(port)
    for (let round = 1; left > 0; round += 1) {
      left -= GROUP.length
      socket.write(GROUP.map(get).join(''))
      await until(socket, END)
      if (round % EVERY === 0 && left > 0) {
        left -= 1
        abandoned += 1
        socket.write(get('/hang'))
        await until(socket, 'hanging')
        socket.destroy()
        socket = await open(port)
      }
    }
    socket.end()
    await once(socket, 'close')
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return { sent: count - left, abandoned }
}

async function open(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.setEncoding('latin1')
  await once(socket, 'connect')
  return socket
}

function until(socket, text) {
  return new Promise((resolve, reject) => {
    let received = ''
    const read = (data) => {
      received = received.slice(-text.length) + data
      if (!received.includes(text)) return
      socket.off('data', read).off('close', lost)
      resolve()
    }
    const lost = () => reject(new Error(`the connection closed before "${text}" came`))
    socket.on('data', read).once('close', lost)
  })
}
