/**
 * A part of what a client of Postgres says, up to where it waits for an answer.
 * @typedef {{ bytes: Uint8Array, isComplete: boolean }} Request isComplete: the next client may go on
 */

/**
 * @typedef {object} Listeners
 * @property {() => void} onSslAsked the client asks whether it may encrypt
 * @property {(request: Request) => void} onRequest
 * @property {() => void} onEnd the client says goodbye, or asks to cancel what another one does
 */

const sslRequest = 80877103
const cancelRequest = 80877102

// A query, the end of a prepared one, and what is said before there is a session.
const complete = new Set(['Q', 'S', 'p', 'startup'])
// The client waits for what it has so far, or sends the rows of a COPY.
const partial = new Set(['H', 'd', 'c', 'f', 'F'])

/**
 * Cuts what a client of Postgres sends into requests (protocol 3.0, "Message Formats").
 * @param {Listeners} listeners
 * @returns {(chunk: Buffer) => void}
 */
export function readRequests({ onSslAsked, onRequest, onEnd }) {
  let unread = Buffer.alloc(0)
  let isStarted = false
  /** @type {Buffer[]} */
  let messages = []

  /** @param {string} type @param {Buffer} message */
  const take = (type, message) => {
    messages.push(message)
    if (!complete.has(type) && !partial.has(type)) return
    onRequest({ bytes: new Uint8Array(Buffer.concat(messages)), isComplete: complete.has(type) })
    messages = []
  }
  /** @param {Buffer} message */
  const begin = (message) => {
    const code = message.readInt32BE(4)
    if (code === sslRequest) return onSslAsked()
    if (code === cancelRequest) return onEnd()
    isStarted = true
    take('startup', message)
  }

  /** @returns {Buffer | undefined} undefined: the next message is not there whole */
  const nextMessage = () => {
    // Until the session is there, messages have a length and no type.
    const at = isStarted ? 1 : 0
    if (unread.length < at + 4) return undefined
    const length = at + unread.readInt32BE(at)
    if (unread.length < length) return undefined
    const message = unread.subarray(0, length)
    unread = unread.subarray(length)
    return message
  }

  return (chunk) => {
    unread = Buffer.concat([unread, chunk])
    for (let message = nextMessage(); message !== undefined; message = nextMessage()) {
      const type = String.fromCharCode(message[0] ?? 0)
      if (!isStarted) begin(message)
      else if (type === 'X') onEnd()
      else take(type, message)
    }
  }
}
