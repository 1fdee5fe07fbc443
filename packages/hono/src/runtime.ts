import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from 'hono'

/** Node's two halves of an exchange, as `@hono/node-server` hands them out. */
interface NodeExchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

/** The other end of a connection; an empty address is one that is not known. */
export interface Peer {
  readonly address: string
  readonly port: number | undefined
}

interface BunServer {
  requestIP?(request: Request): { readonly address: string; readonly port: number } | null
}

/** What the runtimes hand to `app.fetch` as its second argument. */
interface Environment extends Partial<NodeExchange>, BunServer {
  /** Bun, where the application passes on its server by name. */
  readonly server?: BunServer
  /** Deno. */
  readonly remoteAddr?: { readonly hostname?: string; readonly port?: number }
}

const UNKNOWN: Peer = { address: '', port: undefined }

/** Node's request and response; `undefined` in other runtimes, and in `app.request()`. */
export function nodeExchange({ env }: Context): NodeExchange | undefined {
  const { incoming, outgoing } = (env ?? {}) as Environment
  return incoming === undefined || outgoing === undefined ? undefined : { incoming, outgoing }
}

/** Who is at the other end, as Bun or Deno tells it. */
export function peerOf({ env, req }: Context): Peer {
  const { requestIP, server, remoteAddr } = (env ?? {}) as Environment
  if (remoteAddr?.hostname !== undefined) {
    return { address: remoteAddr.hostname, port: remoteAddr.port }
  }
  const host = requestIP === undefined ? server : (env as BunServer)
  return host?.requestIP?.(req.raw) ?? UNKNOWN
}
