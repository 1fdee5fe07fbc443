import type { SpanRow } from '../model/rows.ts'

// A short list is cheaper to search than a Map is to make.
const INDEX_FROM = 24

/** The place of each span's parent in the list; -1 of a root, and where the parent is not there. */
export function parentPlaces(spans: readonly SpanRow[]): Int32Array {
  const find = spans.length < INDEX_FROM ? lookFor(spans) : indexOf(spans)
  const places = new Int32Array(spans.length)
  // Siblings mostly come one after the other.
  let last = ''
  let lastPlace = -1
  for (let index = 0; index < spans.length; index++) {
    const parent = spans[index]?.parent ?? ''
    if (parent !== last) {
      last = parent
      lastPlace = parent === '' ? -1 : find(parent)
    }
    places[index] = lastPlace
  }
  return places
}

function lookFor(spans: readonly SpanRow[]): (id: string) => number {
  return (id) => {
    for (let index = 0; index < spans.length; index++) if (spans[index]?.id === id) return index
    return -1
  }
}

function indexOf(spans: readonly SpanRow[]): (id: string) => number {
  const places = new Map(spans.map(({ id }, index) => [id, index]))
  return (id) => places.get(id) ?? -1
}
