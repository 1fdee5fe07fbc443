import { attribute } from '../model/attributes.ts'
import type { Resource } from '../model/rows.ts'
import { nanosToMillis } from '../model/time.ts'
import type { TreeNode } from './span-tree.ts'

const CONSUMER = 5
// Processes count time from their own start and in their own steps: a difference this small does not mean another clock.
const TOLERANCE_NANOS = 2e6
// Spans with the same value of one of these are from one machine, or one process.
const CLOCKS = ['host.id', 'host.name', 'k8s.node.name', 'service.instance.id']

/**
 * The spans whose subtree would have to be moved so that a call lies inside the one that made it, and
 * by how many milliseconds. Only where the clocks of two machines can be the reason: the callee lies
 * partly outside of a caller on another machine that waited for it, and by more than timers differ.
 */
export function skewOf(nodes: readonly TreeNode[]): { span: string; by: number }[] {
  const skewed: { span: string; by: number }[] = []
  for (const { span, stretch, parent } of nodes) {
    if (parent === undefined || span.kind === CONSUMER) continue
    if (span.unknown + parent.span.unknown > 0) continue
    if (span.duration > parent.span.duration) continue
    const around = parent.stretch
    const outside = Math.max(around.from - stretch.from, stretch.to - around.to)
    if (outside <= TOLERANCE_NANOS || isOneClock(span.resource, parent.span.resource)) continue
    const gap = (parent.span.duration - span.duration) / 2
    skewed.push({ span: span.id, by: nanosToMillis(around.from + gap - stretch.from) })
  }
  return skewed
}

function isOneClock(one: Resource, other: Resource): boolean {
  if (one === other) return true
  return CLOCKS.some((key) => {
    const value = attribute(one.attributes, key)
    return value !== undefined && value === attribute(other.attributes, key)
  })
}
