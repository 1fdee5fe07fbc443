import { readFile } from 'node:fs/promises'
import { findViewer } from '../find-viewer.ts'
import { startViewer } from '../start-viewer.ts'
import { urlOf } from '../url-of.ts'
import type { Viewer } from '../viewer-options.ts'
import { openPage } from './open-page.ts'
import type { CliOptions } from './options.ts'
import { paint } from './paint.ts'

/** Starts the viewer and keeps it up until a signal ends it. */
export async function view(options: CliOptions): Promise<void> {
  // Whether one runs already is asked only when the port is taken: it costs a start its time.
  const viewer = await start(options).catch(async (error: unknown) => {
    if (await isThere(options)) return undefined
    throw error
  })
  if (viewer === undefined) return
  const page = pageOf(viewer.url, options.token)
  process.stdout.write(`${greeting(viewer.url)}\n`)
  if (options.open) openPage(page)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void viewer.close())
}

/** Starts a viewer as the options say, and imports their files. */
export async function start(options: CliOptions): Promise<Viewer> {
  const { port, host, token, maxSpans, maxMemory, traceLinks } = options
  const viewer = await startViewer({
    port,
    host,
    traceLinks,
    ...(token === undefined ? {} : { token }),
    ...(maxSpans === undefined ? {} : { maxSpans }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
  })
  try {
    for (const file of options.imports) await importFile(viewer, file)
  } catch (error) {
    await viewer.close()
    throw error
  }
  return viewer
}

/** Our own viewer at this port is no failure: what was asked for is there already. */
async function isThere({ host, port, open, imports, token }: CliOptions): Promise<boolean> {
  const running = await findViewer({ host, port })
  if (running === undefined || imports.length > 0) return false
  const url = urlOf(host, port)
  process.stdout.write(
    `A Callchain viewer is already running at ${url} (process ${running.pid}).\n`,
  )
  if (open) openPage(pageOf(url, token))
  return true
}

async function importFile(viewer: Viewer, file: string): Promise<void> {
  try {
    const { spans, logs, traces, format } = viewer.importJson(await readFile(file, 'utf8'))
    process.stdout.write(
      `${file}: ${spans} spans and ${logs} log lines of ${traces.length} traces (${format})\n`,
    )
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

function pageOf(url: string, token: string | undefined): string {
  return token === undefined ? url : `${url}/?token=${encodeURIComponent(token)}`
}

function greeting(url: string): string {
  return [
    `${paint('bold', 'Callchain')} shows your traces at ${paint('bold', url)}`,
    paint('dim', `Send OTLP over HTTP to the same address: OTEL_EXPORTER_OTLP_ENDPOINT=${url}`),
    paint('dim', 'Ctrl-C stops it.'),
  ].join('\n')
}
