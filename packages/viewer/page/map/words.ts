import type { MapNode, MapNumbers } from '../../src/contract/figures.ts'
import { plural, rate } from '../format/number.ts'

/** What a node is called; a database with only a number is called after its system. */
export function nodeName({ name, system }: MapNode): string {
  return /^\d*$/.test(name) && system !== undefined ? `${system} ${name}`.trim() : name
}

/** What the node with this id is called; with its system, where a service is called the same. */
export function nameIn(nodes: readonly MapNode[], id: string): string {
  const node = nodes.find((each) => each.id === id)
  if (!node) return id
  const name = nodeName(node)
  if (node.type === 'service') return name
  const isShared = nodes.some((each) => each.type === 'service' && each.name === name)
  return isShared ? `${name} (${node.system ?? node.type})` : name
}

/** How an edge is named among what can be chosen. */
export function edgeId(edge: { from: string; to: string }): string {
  return `${edge.from} → ${edge.to}`
}

/** How often something was called: a rate, or in one trace, which has none, the calls. */
export function howOften(numbers: MapNumbers, isTrace: boolean): string {
  return isTrace ? plural(numbers.calls, 'call') : rate(numbers.rate)
}
