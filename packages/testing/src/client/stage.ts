import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { text } from 'node:stream/consumers'
import type { ClientOptions } from '@callchain/core'
import { context, type Span, SpanKind, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { listen } from '../listen.ts'
import type { Recorder } from '../recorder.ts'
import { within } from '../within.ts'
import { FOREIGN_HOST, leadNamesHere, trust } from './network.ts'
import { selfSigned } from './self-signed.ts'

/** A request as the contract's promises make it. */
export interface ClientRequest {
  /** Default: `GET`. */
  readonly method?: string
  readonly url: string
  /** To be handed to the client as it is: it must not be changed. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Calls the request off. */
  readonly signal?: AbortSignal
  /** Milliseconds after which the client itself gives up. */
  readonly timeout?: number
}

/** An answer, whose body has not been read. */
export interface ClientAnswer {
  readonly status: number
  text(): Promise<string>
  /** Lets the body be. */
  cancel(): unknown
}

/** Sends a request, follows redirects, resolves for every status, and rejects when there is no answer. */
export type SendRequest = (request: ClientRequest) => Promise<ClientAnswer>

/** Makes a client that is traced with these options. */
export type CreateClient = (options: ClientOptions) => SendRequest | Promise<SendRequest>

/** A request that reached a server. */
export interface ArrivedRequest {
  readonly method: string
  readonly path: string
  readonly body: string
  /** Every value of a header, one for each line. */
  header(name: string): string[]
}

/** A server to send requests to. */
export interface Target {
  readonly port: number
  /** `http://127.0.0.1:port`. */
  readonly origin: string
  /** The same server under a name: `http://localhost:port`. */
  readonly namedOrigin: string
  /** The same server under a name that is not internal. */
  readonly foreignOrigin: string
  /** What has arrived so far. */
  readonly arrived: readonly ArrivedRequest[]
}

/** Answers a request at a target. */
export type Respond = (req: IncomingMessage, res: ServerResponse) => void

/** What a promise of the client contract works with. */
export interface ClientStage {
  readonly recorder: Recorder
  client(options?: ClientOptions): Promise<SendRequest>
  /** Starts a server; it answers 200 `fine` unless told otherwise. */
  target(respond?: Respond): Promise<Target>
  /** Starts one that speaks TLS, with a certificate of its own, which clients trust from now on or do not. */
  secureTarget(options: { trusted: boolean }): Promise<Target>
  /** Runs a callback inside a span, as a request handler is, and ends it. Resolves to the span. */
  inSpan(callback: () => Promise<void>): Promise<Span>
  /** Resolves to the CLIENT spans, in the order in which they began, once that many have ended. */
  clientSpans(count: number): Promise<ReadableSpan[]>
  /** Resolves to the one CLIENT span there is. */
  clientSpan(): Promise<ReadableSpan>
}

const fine: Respond = (_req, res) => res.end('fine')

/** Runs a check on its own stage, and makes sure that it leaves no span, server or socket open. */
export async function performOnClient(
  setUp: () => Recorder,
  create: CreateClient,
  check: (stage: ClientStage) => Promise<void>,
): Promise<void> {
  const recorder = setUp()
  const closing: (() => unknown)[] = [leadNamesHere()]
  const stage: ClientStage = {
    recorder,
    client: async (options = {}) => create(options),
    target: (respond = fine) => startTarget(respond, closing),
    secureTarget: ({ trusted }) => {
      const own = selfSigned()
      if (trusted) closing.push(trust(own.cert))
      return startTarget(fine, closing, own)
    },
    inSpan: async (callback) => {
      const span = trace.getTracer('contract').startSpan('handler')
      await context.with(trace.setSpan(context.active(), span), callback)
      span.end()
      return span
    },
    clientSpans: (count) => clientSpans(recorder, count),
    clientSpan: async () => {
      const [span] = await clientSpans(recorder, 1)
      return span as ReadableSpan
    },
  }
  try {
    await within(check(stage))
    await recorder.settled()
  } finally {
    for (const close of closing) await close()
    await recorder.shutdown()
  }
}

async function startTarget(
  respond: Respond,
  closing: (() => unknown)[],
  secure?: { key: string; cert: string },
): Promise<Target> {
  const arrived: ArrivedRequest[] = []
  const listener: Respond = async (req, res) => {
    const body = await text(req).catch(() => '')
    const { method = '', url = '', headersDistinct } = req
    arrived.push({ method, path: url, body, header: (name) => [...(headersDistinct[name] ?? [])] })
    respond(req, res)
  }
  const server = secure ? createSecureServer(secure, listener) : createServer(listener)
  const { port, close } = await listen(server)
  closing.push(close)
  const scheme = secure ? 'https' : 'http'
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    namedOrigin: `${scheme}://localhost:${port}`,
    foreignOrigin: `${scheme}://${FOREIGN_HOST}:${port}`,
    arrived,
  }
}

async function clientSpans(recorder: Recorder, count: number): Promise<ReadableSpan[]> {
  const ofClient = (spans: readonly ReadableSpan[]): ReadableSpan[] =>
    spans.filter(({ kind }) => kind === SpanKind.CLIENT)
  await recorder.waitFor((spans) => ofClient(spans).length >= count)
  await recorder.settled()
  const spans = ofClient(recorder.spans())
  if (spans.length > count) {
    const urls = spans.map(({ attributes }) => attributes['url.full']).join(', ')
    throw new Error(`${count} CLIENT spans expected, not ${spans.length}: ${urls}`)
  }
  return spans.sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1])
}
