import type { MapNode } from '../../src/contract/figures.ts'

/** What a node is called; a database that has but a number is called after its system. */
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
