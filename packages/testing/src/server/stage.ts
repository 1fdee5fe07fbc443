import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { SpanKind } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { listen } from '../listen.ts'
import type { Recorder } from '../recorder.ts'
import { within } from '../within.ts'
import {
  type ApplicationParts,
  type ContractApplication,
  createApplication,
} from './application.ts'
import { openConnection, type RawConnection } from './raw-connection.ts'

/** An application that was built and waits for a server. */
export interface BuiltApplication {
  /** Serves one request: what `http.createServer` is given. */
  readonly listener: RequestListener
  /** Called when the promise has been checked. */
  close?(): unknown
}

/** Builds the contract's application in a framework. */
export type CreateApp = (
  application: ContractApplication,
) => BuiltApplication | Promise<BuiltApplication>

/** How a promise wants its application served. */
export interface ServeOptions extends ApplicationParts {
  /** Stands before the application, as another library on the server might. */
  readonly around?: (listener: RequestListener) => RequestListener
}

/** An application that is being served. */
export interface Served {
  readonly port: number
  /** Requests a path, and reads the body to its end. */
  get(path: string, init?: RequestInit): Promise<Answer>
  /** Opens a TCP connection. */
  connect(): Promise<RawConnection>
}

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** What a promise of the server contract works with. */
export interface ServerStage {
  readonly recorder: Recorder
  serve(options?: ServeOptions): Promise<Served>
  /** Resolves to the one SERVER span there is, when it has ended and nothing else is open. */
  serverSpan(): Promise<ReadableSpan>
  /** Resolves to the SERVER spans once that many have ended, in the order in which they began. */
  serverSpans(count: number): Promise<ReadableSpan[]>
}

const TIMEOUT_MILLIS = 10_000

/** Runs a check on its own stage, and makes sure that it leaves no span, server or socket open. */
export async function performOnServer(
  setUp: () => Recorder,
  createApp: CreateApp,
  check: (stage: ServerStage) => Promise<void>,
): Promise<void> {
  const recorder = setUp()
  const closing: (() => unknown)[] = []
  const stage: ServerStage = {
    recorder,
    serve: (options) => serve(createApp, options ?? {}, closing),
    serverSpans: (count) => serverSpans(recorder, count),
    serverSpan: async () => {
      const [span] = await serverSpans(recorder, 1)
      return span as ReadableSpan
    },
  }
  try {
    await within(check(stage))
    await recorder.settled()
  } finally {
    for (const close of closing.reverse()) await close()
    await recorder.shutdown()
  }
}

async function serve(
  createApp: CreateApp,
  options: ServeOptions,
  closing: (() => unknown)[],
): Promise<Served> {
  const app = await createApp(createApplication(options))
  closing.push(() => app.close?.())
  const listener = options.around?.(app.listener) ?? app.listener
  const server = options.http2 ? createHttp2Server(listener as never) : createServer(listener)
  const { port, close } = await listen(server)
  closing.push(close)
  return {
    port,
    get: (path, init) => request(`http://127.0.0.1:${port}${path}`, init),
    connect: async () => {
      const connection = await openConnection(port)
      closing.push(() => connection.socket.destroy())
      return connection
    },
  }
}

async function request(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLIS), ...init })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

async function serverSpans(recorder: Recorder, count: number): Promise<ReadableSpan[]> {
  const ofServer = (spans: readonly ReadableSpan[]): ReadableSpan[] =>
    spans.filter(({ kind }) => kind === SpanKind.SERVER)
  await recorder.waitFor((spans) => ofServer(spans).length >= count)
  await recorder.settled()
  const spans = ofServer(recorder.spans())
  if (spans.length > count) {
    const names = spans.map(({ name }) => name).join(', ')
    throw new Error(`${count} SERVER spans expected, not ${spans.length}: ${names}`)
  }
  return spans.sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1])
}
