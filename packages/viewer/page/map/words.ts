import type { MapEdge, MapNode, MapNumbers, ServiceMap } from '../../src/contract/figures.ts'
import { duration } from '../format/duration.ts'
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

/** What an edge counts. */
export function edgeWords({ nodes }: ServiceMap, { from, to }: MapEdge): string {
  const isQueue = (wanted: string): boolean =>
    nodes.some(({ id, type }) => id === wanted && type === 'messaging')
  if (isQueue(from) && isQueue(to)) return 'Messages passed on to another queue'
  if (isQueue(from)) return 'Messages handled, as the consumer measured'
  return isQueue(to) ? 'Sends, as the producer measured' : 'Calls, as the caller measured'
}

/** How an edge is named among what can be chosen. */
export function edgeId(edge: { from: string; to: string }): string {
  return `${edge.from} → ${edge.to}`
}

/** How many errors began in a service; '' when none did. */
export function beganWords({ origins = 0 }: { readonly origins?: number | undefined }): string {
  return origins === 0 ? '' : ` · ${plural(origins, 'error')} began here`
}

/** What a node is, in a word. */
export function wordOf({ type }: MapNode): string {
  return type === 'messaging' ? 'queue' : type
}

/** What is said of a node under its name, at p95: how long its messages waited, or its calls took. */
export function timeWords({ queue, p95 }: MapNode): string {
  if (queue === undefined) return `p95 ${duration(p95)}`
  return queue.delay ? `waits ${duration(queue.delay.p95)}` : 'wait not known'
}

/** How often something was called: a rate, or in one trace, which has none, the calls. */
export function howOften(
  numbers: MapNumbers & { readonly queue?: unknown },
  isTrace: boolean,
): string {
  if (!isTrace) return rate(numbers.rate)
  return plural(numbers.calls, numbers.queue === undefined ? 'call' : 'message')
}
