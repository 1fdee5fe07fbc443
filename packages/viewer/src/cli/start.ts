import type { RunningViewer } from '../public/find-viewer.ts'
import { PortTakenError } from '../public/port-taken-error.ts'
import { startViewer } from '../public/start-viewer.ts'
import type { Viewer } from '../public/viewer-options.ts'
import { importInto } from './import-files.ts'
import type { CliOptions } from './options.ts'

/** A viewer that was started here, or the one that has the port already. */
export type Found = { readonly viewer: Viewer } | { readonly running: RunningViewer }

/**
 * Starts a viewer with the options, and imports their files; finds the viewer that has the port.
 * `say` gets a line on each file.
 *
 * @throws Error with a sentence when there is neither
 */
export async function startOrFind(
  options: CliOptions,
  say: (line: string) => void,
): Promise<Found> {
  try {
    return { viewer: await start(options, say) }
  } catch (error) {
    // Only when the port is taken, it asks whether a viewer runs already: asking would make each start slower.
    if (error instanceof PortTakenError && error.running !== undefined)
      return { running: error.running }
    throw error
  }
}

async function start(options: CliOptions, say: (line: string) => void): Promise<Viewer> {
  const { port, grpcPort, host, token, maxSpans, maxMemory } = options
  const { traceLinks, keep, forward } = options
  const viewer = await startViewer({
    port,
    host,
    traceLinks,
    ...(grpcPort === undefined ? {} : { grpcPort }),
    ...(token === undefined ? {} : { token }),
    ...(keep === undefined ? {} : { keep }),
    ...(forward === undefined ? {} : { forward }),
    ...(maxSpans === undefined ? {} : { maxSpans }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
  })
  try {
    await importInto((bytes) => viewer.importJson(bytes.toString('utf8')), options.imports, say)
  } catch (error) {
    await viewer.close()
    throw error
  }
  return viewer
}
