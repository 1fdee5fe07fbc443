import { diag } from '@opentelemetry/api'
import type { EventWatcher } from '../context/emitter-binding.ts'
import { readSourceIn, releaseSource } from '../context/piped-source.ts'
import type { TracedRequest } from '../context/traced-requests.ts'
import type { FrameworkRequest, NodeRequest, NodeResponse } from '../http/framework-request.ts'
import type { HttpServerRequest, HttpServerResponse } from '../http/server-exchange.ts'
import { guard } from '../otel/guard.ts'
import type { ServerCall } from '../server/call.ts'
import { afterFinish } from './after-finish.ts'
import { peerAddress } from './peer-address.ts'
import { NodeResponseView, type SentExchange } from './response-view.ts'
import type { WaitingExchange } from './waiting-responses.ts'

/** How an exchange ends in which nothing was sent. */
export const NO_ANSWER: HttpServerResponse = {
  statusCode: undefined,
  complete: false,
  route: undefined,
  error: undefined,
  header: () => undefined,
}

/**
 * One exchange: its request, as core asks for it, and what its answer is read from. Properties of Node's
 * objects are read once, and only when they are asked for: Express gives each of these objects a hidden
 * class of its own, and every look is slow.
 */
export class NodeExchange
  implements HttpServerRequest, EventWatcher, TracedRequest, SentExchange, WaitingExchange
{
  finished = false
  /** Whether `close` follows on `finish`: it does on Node's own connections. */
  closes = true
  waiting: Set<WaitingExchange> | undefined = undefined
  call: ServerCall | undefined
  step: string | undefined
  readonly raw: unknown
  readonly method: string
  readonly scheme: 'http' | 'https'
  // The response gives its socket back before it closes: what is needed of it is read now.
  readonly peerAddress: string | undefined
  readonly req: NodeRequest
  res: NodeResponse | undefined
  readonly framework: FrameworkRequest
  private readonly headers: NodeRequest['headers']
  private version: string | undefined

  constructor(req: NodeRequest, framework: FrameworkRequest) {
    const { socket } = req
    this.step = undefined
    this.req = req
    this.res = undefined
    this.framework = framework
    this.raw = framework.raw ?? req
    this.headers = req.headers
    this.method = req.method ?? ''
    this.scheme = 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http'
    this.peerAddress = peerAddress(socket)
    this.version = undefined
  }

  get target(): string {
    const { originalUrl = this.req.url ?? '' } = this.req as { originalUrl?: string }
    return originalUrl
  }

  get peerPort(): number | undefined {
    return this.req.socket.remotePort
  }

  get protocolVersion(): string {
    if (this.version === undefined) {
      const { httpVersion } = this.req
      this.version = httpVersion === '2.0' ? '2' : httpVersion
    }
    return this.version
  }

  get route(): string | undefined {
    try {
      return this.framework.route()
    } catch (error) {
      diag.error('callchain: the route could not be read', error)
      return undefined
    }
  }

  watch(event: string | symbol, first: unknown): void {
    if (event === 'prefinish') this.onResponseEnd()
    else if (event === 'finish') this.sent()
    else if (event === 'close') this.brokeOff()
    else if (event === 'pipe') guard('the source of a response', () => readSourceIn(this, first))
    else if (event === 'unpipe') guard('the source of a response', () => releaseSource(first))
  }

  /** It is over, whole or not: the response tells. */
  brokeOff(): void {
    if (this.res === undefined) return
    // Where nobody sees how it ends, nothing is read of the answer.
    this.end(this.call?.isObserved === false ? NO_ANSWER : new NodeResponseView(this, this.res))
  }

  /** An answer was written on the socket, past the response. */
  answeredPast(statusCode: number): void {
    this.end({ ...NO_ANSWER, statusCode, complete: true, route: this.route })
  }

  /** What throws here is an exporter's or a processor's, and no concern of the application's. */
  end(answer: HttpServerResponse): void {
    this.waiting?.delete(this)
    // Not by `guard`, which takes a closure for each request.
    try {
      this.call?.send(answer)
    } catch (error) {
      diag.error('callchain: ending a span threw', error)
    }
  }

  /** A hook that ran before ours may have answered, or the client left: then nobody follows. */
  get untilResponse(): EventWatcher {
    return {
      watch: (event) => {
        if (event === 'close' && this.res === undefined)
          this.end({ ...NO_ANSWER, route: this.route })
      },
    }
  }

  private sent(): void {
    this.finished = true
    if (!this.closes && this.res !== undefined) afterFinish(this.res, () => this.brokeOff())
  }

  private onResponseEnd(): void {
    const { framework, call } = this
    if (call?.isObserved && framework.onResponseEnd !== undefined)
      guard('onResponseEnd', () => framework.onResponseEnd?.())
  }

  header(name: string): string | undefined {
    const { headers } = this
    const given = headers[name]
    if (typeof given === 'string') return given
    const value = given ?? (name === 'host' ? headers[':authority'] : undefined)
    return Array.isArray(value) ? value.join(', ') : value
  }

  headerNames(): readonly string[] {
    // HTTP/2 keeps the request line among them.
    return Object.keys(this.headers).filter((name) => !name.startsWith(':'))
  }
}
