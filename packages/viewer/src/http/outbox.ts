import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** An answer that is on its way. */
export interface Sending {
  /** More of it was read, and this many bytes of it wait now. */
  progress(bytes: number): void
}

/** Bounds the bytes of all answers that wait to be read. */
export interface Outbox {
  readonly bytes: number
  /** Admits an answer of this many bytes; undefined when there is no room, and the client has to ask again. */
  admit(response: ServerResponse, bytes: number): Sending | undefined
}

interface Waiting {
  bytes: number
  /** When something of it was read last, in milliseconds. */
  since: number
  readonly socket: Socket
}

/**
 * Makes an outbox of this many bytes. When it is full, it drops the answers that were not read for the
 * longest time, for at least this many milliseconds. An answer may be larger when it is the only one.
 */
export function createOutbox(maxBytes: number, maxSilence: number): Outbox {
  return new BoundedOutbox(maxBytes, maxSilence)
}

class BoundedOutbox implements Outbox {
  bytes = 0
  private readonly maxBytes: number
  private readonly maxSilence: number
  private readonly bySocket = new Map<Socket, Set<Waiting>>()
  // The one that has been silent longest comes first.
  private readonly waiting = new Set<Waiting>()

  constructor(maxBytes: number, maxSilence: number) {
    this.maxBytes = maxBytes
    this.maxSilence = maxSilence
  }

  admit(response: ServerResponse, bytes: number): Sending | undefined {
    this.makeRoom(bytes)
    if (this.bytes > 0 && this.bytes + bytes > this.maxBytes) return undefined
    const one: Waiting = { bytes, since: Date.now(), socket: response.req.socket }
    this.waiting.add(one)
    this.bytes += bytes
    this.ofSocket(one.socket).add(one)
    response.once('close', () => this.end(one))
    return { progress: (next) => this.note(one, next) }
  }

  private note(one: Waiting, bytes: number): void {
    if (!this.waiting.delete(one)) return
    this.bytes += bytes - one.bytes
    one.bytes = bytes
    one.since = Date.now()
    this.waiting.add(one)
    this.makeRoom(0)
  }

  private makeRoom(more: number): void {
    const now = Date.now()
    for (const { since, socket } of this.waiting) {
      if (this.bytes + more <= this.maxBytes || now - since < this.maxSilence) return
      // Everything that waits on it is dropped with it, also pipelined answers.
      socket.destroy()
      this.forget(socket)
    }
  }

  /** Of one socket, since a response that waits for its turn may never be closed. */
  private ofSocket(socket: Socket): Set<Waiting> {
    const known = this.bySocket.get(socket)
    if (known !== undefined) return known
    const made = new Set<Waiting>()
    this.bySocket.set(socket, made)
    socket.once('close', () => this.forget(socket))
    return made
  }

  private forget(socket: Socket): void {
    for (const one of this.bySocket.get(socket) ?? []) this.end(one)
    this.bySocket.delete(socket)
  }

  private end(one: Waiting): void {
    if (this.waiting.delete(one)) this.bytes -= one.bytes
    this.bySocket.get(one.socket)?.delete(one)
  }
}
