import type { HttpServerRequest, HttpServerResponse, ServerCall } from '@callchain/core'
import { guard } from '@callchain/core/internal'
import type { Context } from 'hono'
import type { HonoRequest } from './hono-request.ts'
import { peerOf } from './runtime.ts'

/** A request of the Web's own kind, where there is none of Node's. */
export class WebRequest implements HttpServerRequest {
  readonly method: string
  readonly target: string
  readonly scheme: 'http' | 'https'
  readonly protocolVersion = '1.1'
  readonly peerAddress: string
  readonly peerPort: number | undefined
  readonly route = undefined
  readonly raw: Context
  private readonly host: string
  private readonly headers: Headers

  constructor(c: Context) {
    const { method, url, headers } = c.req.raw
    const { pathname, search, protocol, host } = new URL(url)
    const peer = guard('the address of the caller', () => peerOf(c))
    this.raw = c
    this.method = method
    this.target = pathname + search
    this.scheme = protocol === 'https:' ? 'https' : 'http'
    this.peerAddress = peer?.address ?? ''
    this.peerPort = peer?.port
    this.host = host
    this.headers = headers
  }

  header(name: string): string | undefined {
    return this.headers.get(name) ?? (name === 'host' ? this.host : undefined)
  }

  headerNames(): readonly string[] {
    return [...this.headers.keys()]
  }
}

/** The response of a request of the Web's own kind. */
class WebResponse implements HttpServerResponse {
  readonly statusCode: number
  readonly complete: boolean
  private readonly request: HonoRequest
  private readonly headers: Headers

  constructor(request: HonoRequest, response: Response, complete: boolean) {
    this.request = request
    this.statusCode = response.status
    this.headers = response.headers
    this.complete = complete
  }

  get route(): string | undefined {
    return this.request.route()
  }

  get error(): unknown {
    return this.request.error()
  }

  header(name: string): string | undefined {
    return this.headers.get(name) ?? undefined
  }
}

/**
 * Ends the span of a request whose response Hono has made. Of a stream that says so (server-sent
 * events, chunks) it is the last byte that ends it; any other body is left untouched, so that the runtime
 * sends it in its own way.
 */
export function answerWeb(call: ServerCall, c: Context, request: HonoRequest): void {
  const { res } = c
  const { body } = res
  if (body === null || !isStream(res)) {
    call.send(new WebResponse(request, res, true))
    return
  }
  const end = (complete: boolean, error?: unknown): void => {
    request.thrown ??= error
    call.send(new WebResponse(request, res, complete))
  }
  c.res = new Response(following(body, end), res)
}

function isStream({ headers }: Response): boolean {
  return (
    headers.has('transfer-encoding') ||
    headers.get('content-type')?.startsWith('text/event-stream') === true
  )
}

type End = (complete: boolean, error?: unknown) => void

function following(body: ReadableStream<Uint8Array>, end: End): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        end(true)
        controller.close()
      } catch (error) {
        end(false, error)
        controller.error(error)
      }
    },
    cancel(reason) {
      end(false)
      return reader.cancel(reason)
    },
  })
}
