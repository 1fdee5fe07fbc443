const COLOURS = 10
/** The first of them are told apart best, so that few services share these. */
const DISTINCT_COLOURS = 6

/**
 * The colour of each service: the one that its name asks for, or the next that none before it has.
 * The same names in the same order give the same colours, wherever this runs.
 */
export function colourIndexes(services: readonly string[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>()
  const taken = new Set<number>()
  for (const service of services) {
    const index =
      free(service, DISTINCT_COLOURS, taken) ??
      free(service, COLOURS, taken) ??
      wantedOf(service, COLOURS)
    taken.add(index)
    indexes.set(service, index)
  }
  return indexes
}

/** The colour that a name asks for. */
export function wantedColour(service: string): number {
  return wantedOf(service, DISTINCT_COLOURS)
}

function free(service: string, count: number, taken: ReadonlySet<number>): number | undefined {
  const wanted = wantedOf(service, count)
  for (let step = 0; step < count; step++) {
    const index = (wanted + step) % count
    if (!taken.has(index)) return index
  }
  return undefined
}

/** FNV-1a of the name, whose last bits are mixed well enough for so few colours. */
function wantedOf(service: string, count: number): number {
  let value = 2166136261
  for (let i = 0; i < service.length; i++)
    value = Math.imul(value ^ service.charCodeAt(i), 16777619) >>> 0
  return value % count
}
