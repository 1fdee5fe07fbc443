import { isEveryAddress } from '../address/host.ts'
import { otherUrls } from '../address/other-urls.ts'
import { findViewer, type RunningViewer } from '../public/find-viewer.ts'
import { importInto } from './import-files.ts'
import { sizeText } from './option-values.ts'
import type { CliOptions } from './options.ts'
import { askRunning, type RunningClient } from './running-viewer.ts'

/**
 * Uses the viewer that has the port instead of starting one, and sends it the files to import.
 *
 * @returns the options that are not in force there, as the user would write them
 * @throws Error with a sentence when it wants a token that was not given, or refuses a file
 */
export async function useRunning(
  running: RunningViewer,
  options: CliOptions,
  say: (line: string) => void,
): Promise<string[]> {
  const client = await askRunning(running, options.token)
  if (!client.isOpen) throw new Error(wantsToken(running, options.token))
  const place = `shown by the viewer at ${running.url}`
  await importInto(client.importFile, options.imports, (line) => say(`${line}; ${place}`))
  return notInForce(running, client, options)
}

function wantsToken({ url, pid }: RunningViewer, given: string | undefined): string {
  const wanted =
    given === undefined ? 'needs the token it was started with' : 'needs a different token'
  return `The viewer at ${url} (process ${pid}) ${wanted}:\ngive it with --token <text> or CALLCHAIN_TOKEN.`
}

async function notInForce(
  running: RunningViewer,
  client: RunningClient,
  options: CliOptions,
): Promise<string[]> {
  const { grpcPort, host, token, traceLinks } = options
  const missing: string[] = []
  if (!(await isReachedAt(running, options))) missing.push(`--host ${host}`)
  if (!receivesGrpc(client, grpcPort))
    missing.push(`--grpc-port ${grpcPort === false ? 'off' : grpcPort}`)
  if (token !== undefined && !running.needsToken) missing.push('the token')
  missing.push(...limitsMissing(client, options), ...placesMissing(client, options))
  for (const [name, url] of Object.entries(traceLinks))
    if (client.traceLinks[name] !== url) missing.push(`the link to ${name}`)
  return missing
}

function limitsMissing(client: RunningClient, { maxSpans, maxMemory }: CliOptions): string[] {
  const missing: string[] = []
  if (maxSpans !== undefined && maxSpans !== client.maxSpans)
    missing.push(`--max-spans ${maxSpans} (it has ${client.maxSpans})`)
  if (maxMemory !== undefined && maxMemory !== client.maxMemory)
    missing.push(`--max-memory ${sizeText(maxMemory)} (it has ${sizeText(client.maxMemory)})`)
  return missing
}

function placesMissing(client: RunningClient, { keep, forward }: CliOptions): string[] {
  const missing: string[] = []
  if (keep !== undefined && keep !== client.keep) missing.push(`--keep ${keep}`)
  if (forward !== undefined && forward.url !== client.forward)
    missing.push(`--forward ${forward.url}`)
  return missing
}

/** Whether it receives OTLP over gRPC as it was asked for; any port will do for 0. */
function receivesGrpc({ grpcEndpoint }: RunningClient, wanted: CliOptions['grpcPort']): boolean {
  if (wanted === undefined) return true
  if (wanted === false || grpcEndpoint === '') return (wanted === false) === (grpcEndpoint === '')
  return wanted === 0 || Number(new URL(grpcEndpoint).port || 80) === wanted
}

/** Whether it also listens where others reach this machine, when that was asked for. */
async function isReachedAt(
  { pid }: RunningViewer,
  { host, port }: Pick<CliOptions, 'host' | 'port'>,
): Promise<boolean> {
  const [other] = isEveryAddress(host) ? otherUrls(host, port) : []
  if (other === undefined) return true
  const outward = new URL(other).hostname.replace(/^\[|\]$/g, '')
  return (await findViewer({ host: outward, port }))?.pid === pid
}
