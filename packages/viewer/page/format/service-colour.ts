const COLOURS = 10
/** The first of them are told apart best, so that few services share these. */
const BEST = 6
const STORED = 'callchain.colours'
const known = load()

/**
 * The colour of a service, as a CSS value: the same on every page and after every start. A new
 * service takes the colour that its name asks for, or the next that is free.
 */
export function serviceColour(service: string): string {
  return `var(--s${colourIndex(service)})`
}

/** The colour as the canvas needs it, in the theme of now. */
export function canvasColour(service: string): string {
  return cssVariable(`--s${colourIndex(service)}`)
}

/** A colour of the theme by its name. */
export function cssVariable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function colourIndex(service: string): number {
  const index = known.get(service)
  if (index !== undefined) return index
  const taken = new Set(known.values())
  const wanted = hash(service)
  const free = (count: number) =>
    Array.from({ length: count }, (_, step) => (wanted + step) % count).find((at) => !taken.has(at))
  const next = free(BEST) ?? free(COLOURS) ?? wanted % COLOURS
  known.set(service, next)
  save()
  return next
}

function hash(text: string): number {
  let value = 2166136261
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 16777619) >>> 0
  return value
}

function load(): Map<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]')
    return new Map(stored as [string, number][])
  } catch {
    return new Map()
  }
}

function save(): void {
  try {
    localStorage.setItem(STORED, JSON.stringify([...known].slice(0, 200)))
  } catch {
    // A browser that keeps nothing still shows colours.
  }
}
