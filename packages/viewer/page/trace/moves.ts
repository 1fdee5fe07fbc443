import type { Trace } from '../../src/contract/trace.ts'

/** By how many milliseconds each span moves; those that stay are not there. */
export type Moves = ReadonlyMap<string, number>

/** How far each span moves when clocks are corrected: whole subtrees, sums where they nest. */
export function movesOf({ spans, skew }: Trace, isOn: boolean): Moves {
  const moved = new Map<string, number>()
  if (!isOn) return moved
  const by = new Map(skew.map((each) => [each.span, each.by]))
  for (const [at, { id, descendants }] of spans.entries()) {
    const shift = by.get(id)
    if (shift === undefined) continue
    for (const span of spans.slice(at, at + 1 + descendants))
      moved.set(span.id, (moved.get(span.id) ?? 0) + shift)
  }
  return moved
}
