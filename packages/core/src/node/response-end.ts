import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import type { NodeRequest, NodeResponse } from '../http/framework-request.ts'
import type { NodeExchange } from './exchange.ts'
import { watchHandshake } from './handshake.ts'
import { endWithConnection } from './waiting-responses.ts'

/**
 * Whether a request has left HTTP before we see it: its connection is a WebSocket already, and what
 * the plugin hands out as its response, if anything, cannot send a byte.
 */
export function hasLeftHttp(req: NodeRequest, res: NodeResponse | undefined): boolean {
  if (res === undefined) return true
  return res.socket === null && (req as { upgrade?: unknown }).upgrade === true
}

/** Sees to it that an exchange ends where the `close` of its response does not come, or comes too late. */
export function watchEnd(exchange: NodeExchange, res: NodeResponse): void {
  if (exchange.protocolVersion === '2') return
  const { socket } = res as { socket: unknown }
  if (socket instanceof Socket) {
    if (exchange.header('upgrade') !== undefined) {
      watchHandshake(socket, res, (status) => exchange.answeredPast(status))
    }
  } else if (socket === null) {
    waitForTurn(exchange)
  } else {
    exchange.closes = false
  }
}

function waitForTurn(exchange: NodeExchange): void {
  const { socket } = exchange.req
  if (!(socket instanceof EventEmitter)) return
  if (socket.destroyed) exchange.brokeOff()
  else endWithConnection(socket, exchange)
}
