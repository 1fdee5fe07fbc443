import type { Http2Stream, ServerHttp2Stream } from 'node:http2'
import type { FrameworkRequest, NodeRequest, NodeResponse } from '../http/framework-request.ts'
import type { HttpServerResponse } from '../http/server-exchange.ts'
import { guard } from '../otel/guard.ts'
import { responseHeader } from './response-header.ts'

/** An exchange, as far as its answer is read with it. */
export interface SentExchange {
  readonly req: NodeRequest
  readonly framework: FrameworkRequest
  readonly protocolVersion: string
  readonly route: string | undefined
  /** Whether the response has told that it was sent. */
  readonly finished: boolean
  /** Whether `close` follows on `finish`: it does on Node's own connections. */
  readonly closes: boolean
}

/** The answer, at the moment the exchange is over. */
export class NodeResponseView implements HttpServerResponse {
  private readonly exchange: SentExchange
  private readonly res: NodeResponse

  constructor(exchange: SentExchange, res: NodeResponse) {
    this.exchange = exchange
    this.res = res
  }

  get statusCode(): number | undefined {
    const { exchange, res } = this
    if (!res.headersSent) return undefined
    // Headers that waited for their turn on the connection have not left.
    if (!isFinished(exchange, res) && res.socket === null) return undefined
    return exchange.protocolVersion === '2' ? sentStatus(res) : res.statusCode
  }

  get complete(): boolean {
    return isComplete(this.exchange, this.res)
  }

  get route(): string | undefined {
    return this.exchange.route
  }

  get error(): unknown {
    const { exchange, res } = this
    const { framework } = exchange
    const thrown =
      framework.error === undefined ? undefined : guard('error', () => framework.error?.())
    const { errored, stream } = res as { errored?: unknown; stream?: { errored?: unknown } }
    return thrown ?? errored ?? stream?.errored ?? undefined
  }

  header(name: string): string | undefined {
    const { exchange, res } = this
    const { framework } = exchange
    const kept = framework.responseHeader?.(name)
    if (kept === undefined) return responseHeader(res, name)
    return Array.isArray(kept) ? kept.join(', ') : String(kept)
  }
}

// An application may answer on the HTTP/2 stream itself, of which the response does not know.
function sentStatus(res: NodeResponse): number {
  const { stream } = res as { stream?: Partial<ServerHttp2Stream> }
  return Number(stream?.sentHeaders?.[':status'] ?? res.statusCode)
}

// No single flag tells: an aborted HTTP/2 stream looks finished, an injected request never does.
function isComplete(exchange: SentExchange, res: NodeResponse): boolean {
  const { req } = exchange
  if (!isFinished(exchange, res)) return false
  if (!exchange.closes) return true
  if (req.aborted) return false
  if (exchange.protocolVersion !== '2') return true
  const { stream } = req as { stream?: Http2Stream }
  return !stream?.rstCode
}

function isFinished({ finished }: SentExchange, res: NodeResponse): boolean {
  return finished || ('writableFinished' in res && res.writableFinished)
}
