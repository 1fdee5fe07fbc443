import type { LocalApi } from '../contract/local-api.ts'
import type { TraceLink } from '../contract/receiver.ts'
import type { ErrorAnswer, ImportResult } from '../contract/transfer.ts'
import { objectOf, objectsOf, textField } from '../model/json-fields.ts'
import type { RunningViewer } from '../public/find-viewer.ts'

/** The viewer that has the port already, spoken to with the token that was given here. */
export interface RunningClient {
  /** False when it wants a token, and not the one that was given. */
  readonly isOpen: boolean
  /** What it was started with; as the options of the command. */
  readonly maxSpans: number
  readonly maxMemory: number
  readonly traceLinks: Readonly<Record<string, string>>
  readonly keep: string
  /** Where it forwards to; '' when it does not. */
  readonly forward: string
  /** Where it receives OTLP over gRPC; '' where it does not. */
  readonly grpcEndpoint: string
  /** @throws Error with the sentence that the viewer refuses it with */
  importFile(bytes: Buffer): Promise<ImportResult>
}

/**
 * Asks a running viewer what it was started with.
 *
 * @throws Error with a sentence when it has gone meanwhile
 */
export async function askRunning(
  { url }: RunningViewer,
  token: string | undefined,
): Promise<RunningClient> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const ask = async <Path extends keyof Asked>(
    path: Path,
    init: RequestInit = {},
  ): Promise<Answer<Asked[Path]>> => {
    try {
      const response = await fetch(`${url}/api/local/${path}`, { ...init, headers })
      return { status: response.status, body: objectOf(await response.json()) }
    } catch (error) {
      throw new Error(`The viewer at ${url} stopped answering.`, { cause: error })
    }
  }
  const stats = await ask('stats')
  const links = await ask('trace-links')
  const receiver = await ask('receiver')
  return {
    isOpen: stats.status !== 401,
    maxSpans: Number(stats.body.maxSpans),
    maxMemory: Number(stats.body.maxBytes),
    traceLinks: Object.fromEntries(
      objectsOf(links.body.links).map(({ name, url }: Unchecked<TraceLink>) => [
        textField(name),
        textField(url),
      ]),
    ),
    keep: textField(receiver.body.keep),
    forward: textField(objectOf(receiver.body.forward).url),
    grpcEndpoint: textField(receiver.body.grpcEndpoint),
    importFile: async (bytes) => readResult(await ask('import', { method: 'POST', body: bytes })),
  }
}

/** What is asked of it, with what the contract says of each answer. */
interface Asked {
  readonly stats: LocalApi['stats']['answer']
  readonly 'trace-links': LocalApi['trace-links']['answer']
  readonly receiver: LocalApi['receiver']['answer']
  readonly import: ImportResult
}

/** The fields of a type, whose values another version of the viewer may have sent. */
type Unchecked<Type> = { readonly [Key in keyof Type]?: unknown }

interface Answer<Type> {
  readonly status: number
  readonly body: Unchecked<Type & ErrorAnswer>
}

function readResult({ status, body }: Answer<ImportResult>): ImportResult {
  if (status !== 200) {
    const error: Unchecked<ErrorAnswer['error']> = objectOf(body.error)
    const message = textField(error.message)
    throw new Error(message || `The viewer answered ${status}.`)
  }
  return {
    format: textField(body.format),
    spans: Number(body.spans),
    logs: Number(body.logs),
    merged: Number(body.merged ?? 0) || undefined,
    known: Number(body.known ?? 0) || undefined,
    rejected: Number(body.rejected),
    warning: textField(body.warning) || undefined,
    traces: Array.isArray(body.traces) ? body.traces.map(textField) : [],
  }
}
