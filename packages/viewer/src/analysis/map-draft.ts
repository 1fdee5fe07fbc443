import type { Resource } from '../model/rows.ts'
import { quoteValue } from '../query/parse-query.ts'
import type { RemoteParty } from './remote-party.ts'
import { createTally, figuresOf, type Tally } from './statistics.ts'

/** A node of the map; calls are tallied on it. */
export interface MapNode {
  readonly id: string
  readonly facts: Record<string, unknown>
  readonly calls: Tally
  /** By the node that they lead to. */
  readonly edges: Map<MapNode, MapEdge>
}

/** An edge; `async` when the caller does not wait. */
export interface MapEdge {
  readonly facts: Record<string, unknown>
  readonly calls: Tally
  async: boolean
}

/** A map while it is drawn. */
export interface MapDraft {
  service(resource: Resource): MapNode
  remote(party: RemoteParty): MapNode
  /** `q` finds the spans of the edge; `sample` is a trace that has one. */
  edge(from: MapNode, to: MapNode, q: () => string, sample: string): MapEdge
  /** The map as JSON; API.md, Map. */
  finish(seconds: number): { nodes: Record<string, unknown>[]; edges: Record<string, unknown>[] }
}

/** Begins a map. */
export function createMapDraft(): MapDraft {
  const nodes = new Map<string, MapNode>()
  // Most spans share their resource, or their party, with others: the id need not be looked up.
  const known = new Map<Resource | RemoteParty, MapNode>()
  const node = (id: string, facts: () => Record<string, unknown>): MapNode => {
    const found = nodes.get(id)
    if (found !== undefined) return found
    const made = { id, facts: facts(), calls: createTally(), edges: new Map() }
    nodes.set(id, made)
    return made
  }
  const remember = (thing: Resource | RemoteParty, made: MapNode): MapNode => {
    known.set(thing, made)
    return made
  }
  return {
    service: (resource) => known.get(resource) ?? remember(resource, serviceNode(resource, node)),
    remote: (party) => known.get(party) ?? remember(party, remoteNode(party, node)),
    edge(from, to, q, sample) {
      const found = from.edges.get(to)
      if (found !== undefined) return found
      const facts = { from: from.id, to: to.id, q: q(), sample }
      const made = { facts, calls: createTally(), async: false }
      from.edges.set(to, made)
      return made
    },
    finish(seconds) {
      const all = [...nodes.values()]
      const edges = all.flatMap((each) => [...each.edges.values()])
      return {
        nodes: all.map(({ id, facts, calls }) => ({
          id,
          ...facts,
          ...callFigures(calls, seconds),
        })),
        edges: edges.map(({ facts, async, calls }) => ({
          ...facts,
          async,
          ...callFigures(calls, seconds),
        })),
      }
    },
  }
}

type FindNode = (id: string, facts: () => Record<string, unknown>) => MapNode

function serviceNode({ service: name }: Resource, node: FindNode): MapNode {
  return node(`service:${name}`, () => ({
    type: 'service',
    name,
    q: `service=${quoteValue(name)}`,
  }))
}

function remoteNode({ id, type, name, system, q }: RemoteParty, node: FindNode): MapNode {
  return node(id, () => ({ type, name, system, q: q() }))
}

function callFigures(calls: Tally, seconds: number): Record<string, number> {
  const { rate, errors, errorRate, p50, p95 } = figuresOf(calls, seconds)
  return { calls: calls.calls, rate, errors, errorRate, p50, p95 }
}
