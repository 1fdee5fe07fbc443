/** How an edge is named among what can be chosen. */
export function edgeId(edge: { from: string; to: string }): string {
  return `${edge.from} → ${edge.to}`
}
