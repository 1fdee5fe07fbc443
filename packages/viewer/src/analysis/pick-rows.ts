/** A row of a tree in drawing order. */
export interface TreeRow {
  readonly depth: number
  /** The larger, the sooner it is picked. */
  readonly weight: number
}

/**
 * The rows of a tree that say most, with all rows above each of them, `most` in all; their places, in order.
 * The first row is always among them.
 */
export function pickRows(rows: readonly TreeRow[], most: number): number[] {
  if (rows.length <= most) return rows.map((_, at) => at)
  const above = parentsOf(rows)
  const byWeight = rows.map((_, at) => at).sort((a, b) => weightAt(rows, b) - weightAt(rows, a))
  const picked = new Set<number>([0])
  for (const at of byWeight) {
    const line = lineTo(at, above, picked)
    if (picked.size + line.length > most) continue
    for (const each of line) picked.add(each)
    if (picked.size >= most) break
  }
  return [...picked].sort((a, b) => a - b)
}

/** A row and those above it that are not picked yet. */
function lineTo(at: number, above: readonly number[], picked: ReadonlySet<number>): number[] {
  const line: number[] = []
  for (let each = at; each >= 0 && !picked.has(each); each = above[each] ?? -1) line.push(each)
  return line
}

function weightAt(rows: readonly TreeRow[], at: number): number {
  return rows[at]?.weight ?? 0
}

/** For each row the place of the row above it in the tree, -1 for none. */
function parentsOf(rows: readonly TreeRow[]): number[] {
  const open: number[] = []
  return rows.map(({ depth }, at) => {
    open.length = Math.min(open.length, depth)
    const parent = open.at(-1) ?? -1
    open[depth] = at
    return parent
  })
}
