import type { MapEdge, MapNode, ServiceMap } from '../contract/figures.ts'
import type { Resource } from '../model/rows.ts'
import { quoteValue } from '../query/parse-query.ts'
import type { RemoteParty } from '../trace/remote-party.ts'
import { delayOf, queueNumbers } from './queue-figures.ts'
import { callFigures, createTally, type Tally } from './statistics.ts'

/** A node of the map while it is drawn; calls are tallied on it. */
export interface DraftNode {
  readonly id: string
  readonly facts: NodeFacts
  readonly calls: Tally
  /** Of a service: how many errors began in it. */
  origins: number
  /** Of a queue: what is done with the messages that were sent to it. */
  readonly processed: Tally
  /** How long its messages waited, in nanoseconds. */
  readonly delays: number[]
  /** By the node that they lead to. */
  readonly edges: Map<DraftNode, DraftEdge>
}

/** An edge while it is drawn; `async` when the caller does not wait. */
export interface DraftEdge {
  readonly facts: Pick<MapEdge, 'from' | 'to' | 'q' | 'sample'>
  readonly calls: Tally
  /** How long the messages waited that came this way, in nanoseconds. */
  readonly delays: number[]
  /** Counts only where nothing else does. */
  readonly fetched: Tally
  async: boolean
}

/** A map while it is drawn. */
export interface MapDraft {
  service(resource: Resource): DraftNode
  remote(party: RemoteParty): DraftNode
  /** `q` finds the spans of the edge; `sample` is a trace that has one. */
  edge(from: DraftNode, to: DraftNode, q: () => string, sample: string): DraftEdge
  /** The map as JSON; API.md, Map. */
  finish(seconds: number): Pick<ServiceMap, 'nodes' | 'edges'>
}

/** Begins a map. */
export function createMapDraft(): MapDraft {
  const nodes = new Map<string, DraftNode>()
  // Most spans share their resource, or their party, with others: the id need not be looked up.
  const known = new Map<Resource | RemoteParty, DraftNode>()
  const node = (id: string, facts: () => NodeFacts): DraftNode => {
    const found = nodes.get(id)
    if (found !== undefined) return found
    const made = {
      id,
      facts: facts(),
      ...{ calls: createTally(), processed: createTally(), delays: [], edges: new Map() },
      origins: 0,
    }
    nodes.set(id, made)
    return made
  }
  const remember = (thing: Resource | RemoteParty, made: DraftNode): DraftNode => {
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
      const made = { facts, calls: createTally(), delays: [], fetched: createTally(), async: false }
      from.edges.set(to, made)
      return made
    },
    finish(seconds) {
      const all = [...nodes.values()]
      const edges = all.flatMap((each) => [...each.edges.values()])
      return {
        nodes: all.map((each) => nodeJson(each, all, seconds)),
        edges: edges.map((each) => edgeJson(each, seconds)),
      }
    },
  }
}

function nodeJson(node: DraftNode, all: readonly DraftNode[], seconds: number): MapNode {
  const { id, facts, calls, origins } = node
  const isQueue = facts.type === 'messaging'
  const numbers = isQueue ? queueNumbers(node, seconds) : callFigures(calls, seconds)
  const began = facts.type === 'service' ? { origins } : {}
  return { id, ...facts, name: nameAmong(all, node), ...numbers, ...began }
}

function edgeJson({ facts, async, calls, fetched, delays }: DraftEdge, seconds: number): MapEdge {
  const numbers = callFigures(calls.calls > 0 ? calls : fetched, seconds)
  return { ...facts, async, ...numbers, delay: delayOf(delays) }
}

type NodeFacts = Pick<MapNode, 'type' | 'name' | 'system' | 'host' | 'q'>
type FindNode = (id: string, facts: () => NodeFacts) => DraftNode

function serviceNode({ service: name }: Resource, node: FindNode): DraftNode {
  return node(`service:${name}`, () => ({
    type: 'service',
    name,
    q: `service=${quoteValue(name)}`,
  }))
}

function remoteNode(party: RemoteParty, node: FindNode): DraftNode {
  const { id, type, name, system, host } = party
  return node(id, () => ({ type, name, system, host, q: partyQuery(party) }))
}

/** The query for the spans that go there: by the very id of the node. */
export function partyQuery({ id }: RemoteParty): string {
  return `calls=${quoteValue(id)}`
}

/** With its place, where another node of its kind has the same name. */
function nameAmong(all: readonly DraftNode[], { facts }: DraftNode): string {
  const { name, host, type, system } = facts
  const isShared = (other: NodeFacts): boolean =>
    other !== facts && other.name === name && other.type === type && other.system === system
  return host !== undefined && all.some((each) => isShared(each.facts))
    ? `${name} at ${host}`
    : name
}
