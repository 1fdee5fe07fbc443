import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FlatLog, type FlatSpan, logsIn, type OtlpJson, spansIn } from './otlp-json.ts'
import { until } from './until.ts'

/** A real OpenTelemetry Collector, which writes down what it receives. */
export interface RealCollector {
  /** Where it takes OTLP over HTTP. */
  readonly url: string
  /** Where it takes OTLP over gRPC. */
  readonly grpcUrl: string
  /** Every span that it has written down, also before it was killed. */
  spans(): FlatSpan[]
  logs(): FlatLog[]
  /** Starts it again, on the same ports, after `kill`. */
  start(): Promise<void>
  /** Ends it as a crash does. */
  kill(): Promise<void>
  /** Stops it in its tracks: it accepts connections, and answers nothing. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** Where else a Collector sends what it receives, as its configuration has it. */
export interface SentOn {
  /** Exporters by name, as `zipkin` or `otlphttp/logs`. */
  readonly exporters?: Readonly<Record<string, object>>
  /** Those of spans. */
  readonly traces?: readonly string[]
  /** Those of log records. */
  readonly logs?: readonly string[]
}

/** Starts the Collector that COLLECTOR_PROGRAM names. */
export async function startRealCollector(sentOn: SentOn = {}): Promise<RealCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'callchain-collector-'))
  const written = join(folder, 'written.jsonl')
  const configuration = join(folder, 'collector.yaml')
  // Of ports that no system hands out to others while the Collector is away.
  const [port, grpcPort] = [randomInt(15_000, 23_000), randomInt(23_000, 32_000)]
  const url = `http://127.0.0.1:${port}`
  writeFileSync(configuration, JSON.stringify(settingsOf(port, grpcPort, written, sentOn)))
  let child: ChildProcess | undefined
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'close')
    child.kill('SIGKILL')
    await gone
  }
  const start = async (): Promise<void> => {
    child = await startProgram(configuration, url)
  }
  const close = async (): Promise<void> => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await start()
  } catch (error) {
    await close()
    if (/address already in use/.test(String(error))) return startRealCollector(sentOn)
    throw error
  }
  const exports = (): OtlpJson[] => readLines(written)
  return {
    url,
    grpcUrl: `http://127.0.0.1:${grpcPort}`,
    spans: () => exports().flatMap(spansIn),
    logs: () => exports().flatMap(logsIn),
    start,
    kill,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    close,
  }
}

/** JSON, which is YAML as well. */
function settingsOf(port: number, grpcPort: number, path: string, sentOn: SentOn): object {
  const at = (each: number): object => ({ endpoint: `127.0.0.1:${each}` })
  const pipeline = (more: readonly string[] = []): object => ({
    receivers: ['otlp'],
    exporters: ['file', ...more],
  })
  return {
    receivers: { otlp: { protocols: { http: at(port), grpc: at(grpcPort) } } },
    // With a rotation it writes each export before it answers, so that what it has taken outlives it.
    exporters: { file: { path, rotation: { max_megabytes: 100 } }, ...sentOn.exporters },
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
      pipelines: { traces: pipeline(sentOn.traces), logs: pipeline(sentOn.logs) },
    },
  }
}

async function startProgram(configuration: string, url: string): Promise<ChildProcess> {
  const program = process.env.COLLECTOR_PROGRAM ?? ''
  const child = spawn(program, ['--config', configuration], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('close', () => reject(new Error(`The Collector did not start:\n${errors}`)))
  })
  failed.catch(() => undefined)
  const headers = { 'content-type': 'application/json' }
  const isReady = async (): Promise<true | undefined> => {
    const request = { method: 'POST', headers, body: '{}' }
    const answer = await fetch(`${url}/v1/traces`, request).catch(() => undefined)
    return answer?.ok || undefined
  }
  await Promise.race([until(isReady), failed])
  return child
}

/** What stands in the file so far; an export that is being written is left to the next look. */
function readLines(path: string): OtlpJson[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as OtlpJson)
}
