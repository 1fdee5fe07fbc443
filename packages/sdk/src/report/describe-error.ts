const SILENT = 'it does not say why'

/** What `error` says, whatever it is; never throws. */
export function describeError(error: unknown): string {
  try {
    const said = error instanceof Error ? error.message : error
    return said === undefined || said === '' ? SILENT : String(said)
  } catch {
    return SILENT
  }
}
