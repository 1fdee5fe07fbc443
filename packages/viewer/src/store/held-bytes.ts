import type { Resource, Scope } from '../model/rows.ts'

/** What rows share: it takes its bytes once, and as long as one of them is kept. */
type Shared = Pick<Resource | Scope, 'bytes'>

/** Counts the bytes of resources and scopes that rows refer to. */
export interface HeldBytes {
  readonly bytes: number
  hold(row: { readonly resource: Resource; readonly scope: Scope }): void
  release(row: { readonly resource: Resource; readonly scope: Scope }): void
  clear(): void
}

/** Begins at nothing. */
export function createHeldBytes(): HeldBytes {
  return new Counted()
}

class Counted implements HeldBytes {
  bytes = 0
  private readonly rows = new Map<Shared, number>()

  hold({ resource, scope }: { resource: Resource; scope: Scope }): void {
    this.add(resource)
    this.add(scope)
  }

  release({ resource, scope }: { resource: Resource; scope: Scope }): void {
    this.remove(resource)
    this.remove(scope)
  }

  clear(): void {
    this.rows.clear()
    this.bytes = 0
  }

  private add(shared: Shared): void {
    const rows = this.rows.get(shared) ?? 0
    this.rows.set(shared, rows + 1)
    if (rows === 0) this.bytes += shared.bytes
  }

  private remove(shared: Shared): void {
    const rows = this.rows.get(shared) ?? 0
    if (rows > 1) this.rows.set(shared, rows - 1)
    else if (this.rows.delete(shared)) this.bytes -= shared.bytes
  }
}
