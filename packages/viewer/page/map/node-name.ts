import type { MapNode } from '../api/figures.ts'

/** What a node is called; a database that has but a number is called after its system. */
export function nodeName({ name, system }: MapNode): string {
  return /^\d*$/.test(name) && system !== undefined ? `${system} ${name}`.trim() : name
}

/** What the node with this id is called. */
export function nameIn(nodes: readonly MapNode[], id: string): string {
  const node = nodes.find((each) => each.id === id)
  return node ? nodeName(node) : id
}
