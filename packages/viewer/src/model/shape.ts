/**
 * The ordered keys of a set of attributes, shared by all sets that have the same ones: a span then
 * keeps its values only, and a query looks a key up once for each shape, not for each span.
 */
export interface Shape {
  readonly keys: readonly string[]
  readonly positions: ReadonlyMap<string, number>
  readonly next: Map<string, Shape>
}

/** Finds the shape that a key leads to. */
export interface Shapes {
  readonly empty: () => Shape
  readonly extend: (shape: Shape, key: string) => Shape
}

// Random keys must not make the tree grow for ever: beyond this a new one is begun, and the old
// shapes live as long as their spans.
const MAX_SHAPES = 20_000

function createShape(keys: readonly string[]): Shape {
  return { keys, positions: new Map(keys.map((key, index) => [key, index])), next: new Map() }
}

/** Makes a tree of shapes. */
export function createShapes(): Shapes {
  let root = createShape([])
  let count = 0
  return {
    empty: () => root,
    extend(shape, key) {
      const known = shape.next.get(key)
      if (known !== undefined) return known
      const made = createShape([...shape.keys, key])
      count += 1
      if (count > MAX_SHAPES) {
        root = createShape([])
        count = 0
        return made
      }
      shape.next.set(key, made)
      return made
    },
  }
}
