import { sizeOfKey } from './size-of.ts'

/**
 * The ordered keys of a set of attributes, shared by all sets that have the same ones: a span then
 * keeps its values only, and a query looks a key up once for each shape, not for each span.
 */
export interface Shape {
  readonly keys: readonly string[]
  readonly positions: ReadonlyMap<string, number>
  /** About how many bytes it takes, once for all that have it. */
  readonly bytes: number
}

/** A place in the tree of keys: what the keys on the way to it have in common. */
export interface ShapeNode {
  next: Map<string, ShapeNode> | undefined
  shape: Shape | undefined
}

/** Finds the shape of keys that come one after the other. */
export interface Shapes {
  readonly root: () => ShapeNode
  /** The node that a key leads to; undefined when nothing has had this key here before. */
  readonly known: (node: ShapeNode, key: string) => ShapeNode | undefined
  readonly grow: (node: ShapeNode, key: string) => ShapeNode
  /** The shape of the keys on the way to a node, which must be these. */
  readonly shapeOf: (node: ShapeNode, keys: readonly string[]) => Shape
}

// Random keys must not make the tree grow forever: beyond this, a new one is started. Shapes do not
// refer to the tree, so that the old one is freed, and its shapes live as long as their spans.
const MAX_NODES = 20_000
const MAX_KEYS_OF_SHAPES = 100_000

const SHAPE_BYTES = 400

/** Makes a tree of shapes. */
export function createShapes(): Shapes {
  let root = createNode()
  let nodes = 0
  let keysOfShapes = 0
  const begin = (): void => {
    root = createNode()
    nodes = 0
    keysOfShapes = 0
  }
  return {
    root: () => root,
    known: (node, key) => node.next?.get(key),
    grow(node, key) {
      const made = createNode()
      nodes += 1
      if (nodes > MAX_NODES) {
        begin()
        return made
      }
      node.next ??= new Map()
      node.next.set(key, made)
      return made
    },
    shapeOf(node, keys) {
      if (node.shape !== undefined) return node.shape
      const shape = createShape([...keys])
      node.shape = shape
      keysOfShapes += keys.length
      if (keysOfShapes > MAX_KEYS_OF_SHAPES) begin()
      return shape
    },
  }
}

function createNode(): ShapeNode {
  return { next: undefined, shape: undefined }
}

function createShape(keys: readonly string[]): Shape {
  const positions = new Map(keys.map((key, index) => [key, index]))
  return { keys, positions, bytes: keys.reduce((sum, key) => sum + sizeOfKey(key), SHAPE_BYTES) }
}
