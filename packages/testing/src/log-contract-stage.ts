import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServerTracer, runIn, type TracingOptions, traceNodeRequest } from '@callchain/core'
import { type Listening, listen } from './listen.ts'
import type { Recorder } from './recorder.ts'

/** What a logger under contract is asked to do, in its own way. */
export interface ContractLogger {
  /** Logs a message with fields, which are to stand on the line under their names. */
  info(fields: Record<string, unknown>, message: string): void
  /** Logs an error. */
  error(error: Error): void
  /** A child logger with fields of its own. */
  child(fields: Record<string, unknown>): ContractLogger
}

/** Where a logger under contract writes. */
export interface LogDestination {
  /** Takes one line; the next one is to wait for `done`, as with any transport. */
  write(line: string, done: () => void): void
}

/** Makes a traced logger. */
export type CreateLogger = (destination: LogDestination) => ContractLogger

type ContractListener = (req: IncomingMessage, res: ServerResponse) => unknown

/** One line that was written. */
export interface LoggedLine {
  readonly text: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** What a promise of the log contract works with. */
export interface LogStage {
  readonly recorder: Recorder
  readonly logger: ContractLogger
  /** A server whose requests are traced; closed when the promise has been checked. */
  serve(handler: ContractListener, options?: TracingOptions): Promise<Listening>
  /** Serves one request, with a trace and an identity of its caller's, and waits for the answer. */
  request(
    handler: (res: ServerResponse) => unknown,
    baggage?: string,
    options?: TracingOptions,
  ): Promise<void>
  /** This many lines, once they are written. */
  lines(count: number): Promise<readonly LoggedLine[]>
}

/** The trace that `request` continues. */
export const CALLERS_TRACE = '0af7651916cd43dd8448eb211c80319c'

/** Runs a check on its own stage, and clears up. */
export async function performWithLogger(
  setUp: () => Recorder,
  createLogger: CreateLogger,
  check: (stage: LogStage) => Promise<void>,
): Promise<void> {
  const recorder = setUp()
  const servers: Listening[] = []
  const written = createLines()
  const serve: LogStage['serve'] = async (handler, options) => {
    const listening = await listen(createServer(traced(handler, options)))
    servers.push(listening)
    return listening
  }
  try {
    await check({
      recorder,
      serve,
      logger: createLogger(written.destination),
      request: async (handler, baggage, options) => {
        const { port } = await serve((_req, res) => handler(res), options)
        await fetchOnce(port, baggage)
      },
      lines: written.lines,
    })
  } finally {
    for (const server of servers) await server.close()
    await recorder.shutdown()
  }
}

function traced(handler: ContractListener, options?: TracingOptions): ContractListener {
  const tracer = createServerTracer(options)
  return (req, res) => {
    const call = traceNodeRequest(tracer, req, res, { route: () => undefined })
    runIn(call, () => handler(req, res))
  }
}

function fetchOnce(port: number, baggage = ''): Promise<void> {
  const headers = { traceparent: `00-${CALLERS_TRACE}-b7ad6b7169203331-01`, baggage }
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: false, headers }, (response) => {
      response.on('close', resolve).resume()
    }).on('error', reject)
  })
}

// A transport that is slower than its logger: lines queue up, and are written outside of any context.
function createLines(): { destination: LogDestination; lines: LogStage['lines'] } {
  const lines: LoggedLine[] = []
  let arrived = (): void => {}
  return {
    destination: {
      write: (line, done) => {
        lines.push({ text: line.trim(), fields: JSON.parse(line) })
        arrived()
        setImmediate(done)
      },
    },
    lines: (count) =>
      new Promise((resolve) => {
        arrived = () => {
          if (lines.length >= count) resolve(lines)
        }
        arrived()
      }),
  }
}
