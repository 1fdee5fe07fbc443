import type { IncomingMessage, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { urlOf } from '../address/host.ts'
import { importText } from '../api/transfer-routes.ts'
import type { ImportResult } from '../contract/transfer.ts'
import { isLoopback } from '../http/access.ts'
import { errorCode } from '../http/errors.ts'
import { type Foreign, type Listening, listen, refuseForeign } from '../http/listen.ts'
import { explainGrpc, isHttp2Preface } from '../ingest/grpc.ts'
import { createRateMeter } from '../ingest/rate-meter.ts'
import { type BodyLimits, createBodyReader } from '../ingest/read-body.ts'
import { createReceiverLog } from '../ingest/receiver-log.ts'
import { refuseHttp2 } from '../ingest/refuse-http2.ts'
import type { ViewerState } from '../ingest/viewer-state.ts'
import { createForwarder } from '../onward/forwarder.ts'
import { type KeepFile, openKeepFile } from '../onward/keep-file.ts'
import { createDecodeContext } from '../otlp/decode-context.ts'
import { handleRequest } from '../server/handle-request.ts'
import { checkForward } from '../settings/check-forward.ts'
import { checkToken } from '../settings/check-token.ts'
import { checkTraceLinks } from '../settings/trace-links.ts'
import { checkBounds } from './check-bounds.ts'
import { checkNames } from './check-names.ts'
import { createTraceStore, memoryStoreOf } from './create-trace-store.ts'
import { findViewer } from './find-viewer.ts'
import { listenForGrpc } from './listen-grpc.ts'
import { PortTakenError } from './port-taken-error.ts'
import type { Viewer, ViewerOptions } from './viewer-options.ts'

const MEBIBYTE = 1024 * 1024
// A laptop that loses its network for a moment sends on within seconds.
const MAX_SILENCE_MILLIS = 10_000

/**
 * Starts a viewer in this process: it receives OTLP over HTTP and Zipkin v2 JSON, keeps what came in
 * memory, and serves the page and its API, all on one port, and OTLP over gRPC on another. It makes no requests of its own, and answers
 * only this machine unless `host` says otherwise.
 *
 * @throws TypeError when an option is malformed, or when `host` is not this machine and there is no `token`
 * @throws Error with one sentence when a port cannot be had; its `cause` is the error of node:net
 *
 * @example
 * ```ts
 * const viewer = await startViewer({ port: 0 })
 * process.env.OTEL_EXPORTER_OTLP_ENDPOINT = viewer.url
 * // … run what is to be looked at …
 * await viewer.close()
 * ```
 */
export function startViewer(options: ViewerOptions = {}): Promise<Viewer> {
  return startLimited(options, {})
}

/** Starts a viewer with bounds on bodies that are its own. */
export async function startLimited(
  options: ViewerOptions,
  limits: Partial<BodyLimits>,
): Promise<Viewer> {
  checkOptions(options)
  const { port = 4318, host = '127.0.0.1' } = options
  const state = createState(options, limits)
  const listening = await listenOrSay(host, port, state)
  state.url = urlOf(host, listening.port)
  const kept = await openKept(state, listening)
  const grpc = await listenForGrpc(state, options).catch(async (error: unknown) => {
    await listening.close()
    await Promise.all([kept?.close(), state.forward?.close()])
    throw error
  })
  return {
    url: state.url,
    port: listening.port,
    grpcPort: grpc?.port,
    importJson: (text: string): ImportResult => importText(state, text),
    async close() {
      await Promise.all([listening.close(), grpc?.close()])
      await Promise.all([kept?.close(), state.forward?.close()])
    },
  }
}

async function openKept(state: ViewerState, listening: Listening): Promise<KeepFile | undefined> {
  try {
    return state.keep === undefined ? undefined : await openKeepFile(state.keep, state)
  } catch (error) {
    await listening.close()
    throw error
  }
}

function createState(options: ViewerOptions, limits: Partial<BodyLimits>): ViewerState {
  const { host = '127.0.0.1', token, maxBody = 64 * MEBIBYTE } = options
  const store = memoryStoreOf(
    options.store === undefined ? createTraceStore(limitsOf(options)) : options.store,
  )
  return {
    store,
    context: createDecodeContext(),
    bodies: createBodyReader({
      ...{ maxBody, maxWaiting: 2 * maxBody, maxSilence: MAX_SILENCE_MILLIS },
      ...{ maxIncoming: 1000, maxUnpacking: 64 },
      ...limits,
    }),
    log: createReceiverLog(),
    rate: createRateMeter(() => store.counters.received),
    token,
    host,
    started: Date.now(),
    traceLinks: checkTraceLinks(options.traceLinks === undefined ? {} : options.traceLinks),
    marks: [],
    keep: options.keep,
    forward:
      options.forward === undefined
        ? undefined
        : createForwarder(checkForward(options.forward, 'forward')),
    streams: 0,
    url: '',
    grpcUrl: '',
  }
}

function limitsOf({ maxSpans, maxMemory }: ViewerOptions): Parameters<typeof createTraceStore>[0] {
  return {
    ...(maxSpans === undefined ? {} : { maxSpans }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
  }
}

const NAMES: Readonly<Record<keyof ViewerOptions, true>> = {
  port: true,
  grpcPort: true,
  host: true,
  token: true,
  maxSpans: true,
  maxMemory: true,
  maxBody: true,
  traceLinks: true,
  store: true,
  keep: true,
  forward: true,
}

function checkOptions(options: ViewerOptions): void {
  checkNames('startViewer()', options, NAMES)
  const { host = '127.0.0.1', port = 4318, grpcPort, token } = options
  const { maxSpans, maxMemory, maxBody } = options
  if (typeof host !== 'string' || host === '')
    throw new TypeError(`host must be an address of this machine, not ${inspect(host)}.`)
  if (!isPort(port))
    throw new TypeError(`port must be a whole number from 0 to 65535, not ${inspect(port)}.`)
  if (grpcPort !== undefined && grpcPort !== false && !isPort(grpcPort))
    throw new TypeError(
      `grpcPort must be a whole number from 0 to 65535, or false, not ${inspect(grpcPort)}.`,
    )
  checkBounds({ maxSpans, maxMemory, maxBody })
  const { keep, forward } = options
  if (keep !== undefined && (typeof keep !== 'string' || keep === ''))
    throw new TypeError(`keep must be the path of a file, not ${inspect(keep)}.`)
  if (forward !== undefined) checkForward(forward, 'forward')
  if (token !== undefined) checkToken(token, 'token')
  if (!isLoopback(host) && token === undefined)
    throw new TypeError(
      `With the host ${host}, anyone who can reach this machine could read your traces, statements and logs: give a token as well.`,
    )
}

function isPort(port: unknown): boolean {
  return Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535
}

async function listenOrSay(host: string, port: number, state: ViewerState): Promise<Listening> {
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    void handleRequest(state, request, response)
  }
  const onForeign = ({ packet, code, socket }: Foreign): void => {
    if (isHttp2Preface(packet)) {
      const explained = explainGrpc(state.grpcUrl)
      state.log.addHint('grpc', explained, socket.remoteAddress)
      refuseHttp2(socket, packet, explained)
    } else refuseForeign(socket, code)
  }
  try {
    return await listen(host, port, { onRequest, onForeign })
  } catch (error) {
    throw await refusalOf(error, host, port)
  }
}

async function refusalOf(error: unknown, host: string, port: number): Promise<Error> {
  if (errorCode(error) !== 'EADDRINUSE')
    return new Error(sentenceFor(error, host, port), { cause: error })
  const running = await findViewer({ host, port })
  const sentence =
    running === undefined
      ? `Port ${port} on ${host} is in use by another program: choose another port with --port.`
      : `A Callchain viewer is already running at ${running.url} (process ${running.pid}).`
  return new PortTakenError(sentence, running, error)
}

function sentenceFor(error: unknown, host: string, port: number): string {
  const code = errorCode(error)
  if (code === 'EACCES')
    return `Port ${port} on ${host} is not allowed for this user: choose a port above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `${host} is not an address of this machine: use 127.0.0.1 or one of its own addresses.`
  return `The viewer cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`
}
