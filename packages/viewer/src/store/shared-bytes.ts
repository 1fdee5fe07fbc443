import type { LinkRow, LogRow, Resource, Scope, SpanRow } from '../model/rows.ts'
import type { Shape } from '../model/shape.ts'

/** What rows share: it takes its bytes once, and as long as one of them is kept. */
type Shared = Pick<Resource | Scope | Shape, 'bytes'>

/** A row that refers to what others may refer to as well. */
type Row = SpanRow | LogRow

/** Counts the bytes of resources, scopes and shapes that rows refer to. */
export interface SharedBytes {
  readonly bytes: number
  hold(row: Row): void
  release(row: Row): void
  clear(): void
}

/** Begins at nothing. */
export function createSharedBytes(): SharedBytes {
  return new Counted()
}

class Counted implements SharedBytes {
  bytes = 0
  private readonly rows = new Map<Shared, number>()

  hold(row: Row): void {
    if (this.add(row.resource)) this.add(row.resource.attributes.shape)
    if (this.add(row.scope)) this.add(row.scope.attributes.shape)
    this.add(row.shape)
    for (const { shape } of partsOf(row)) this.add(shape)
  }

  release(row: Row): void {
    if (this.remove(row.resource)) this.remove(row.resource.attributes.shape)
    if (this.remove(row.scope)) this.remove(row.scope.attributes.shape)
    this.remove(row.shape)
    for (const { shape } of partsOf(row)) this.remove(shape)
  }

  clear(): void {
    this.rows.clear()
    this.bytes = 0
  }

  /** @returns true when it is the first time */
  private add(shared: Shared): boolean {
    const rows = this.rows.get(shared) ?? 0
    this.rows.set(shared, rows + 1)
    if (rows === 0) this.bytes += shared.bytes
    return rows === 0
  }

  /** @returns true when nothing refers to it any more */
  private remove(shared: Shared): boolean {
    const rows = this.rows.get(shared) ?? 0
    if (rows > 1) {
      this.rows.set(shared, rows - 1)
      return false
    }
    if (this.rows.delete(shared)) this.bytes -= shared.bytes
    return true
  }
}

const NO_PARTS: readonly Pick<LinkRow, 'shape'>[] = []

function partsOf(row: Row): readonly Pick<LinkRow, 'shape'>[] {
  if (!('events' in row) || row.events.length + row.links.length === 0) return NO_PARTS
  return [...row.events, ...row.links]
}
