import { quoteValue } from '../query/parse-query.ts'
import type { RemoteParty } from './remote-party.ts'
import { createTally, figuresOf, type Tally, tally } from './statistics.ts'

/** Something that calls are counted for. */
export interface Counted {
  readonly id: string
  count(nanos: number, isError: boolean): void
}

/** An edge; `async` when the caller does not wait. */
export interface CountedEdge extends Counted {
  async: boolean
}

/** A map while it is drawn. */
export interface MapDraft {
  service(name: string): Counted
  remote(party: RemoteParty): Counted
  edge(from: Counted, to: Counted, q: () => string, sample: string): CountedEdge
  /** The map as JSON; API.md, Map. */
  finish(seconds: number): { nodes: Record<string, unknown>[]; edges: Record<string, unknown>[] }
}

interface Node extends Counted {
  readonly facts: Record<string, unknown>
  readonly tally: Tally
}

interface Edge extends CountedEdge {
  readonly facts: Record<string, unknown>
  readonly tally: Tally
}

/** Begins a map. */
export function createMapDraft(): MapDraft {
  const nodes = new Map<string, Node>()
  const edges = new Map<string, Edge>()
  const node = (id: string, facts: () => Record<string, unknown>): Node => {
    const known = nodes.get(id)
    if (known !== undefined) return known
    const made = { ...counted(id), facts: facts() }
    nodes.set(id, made)
    return made
  }
  return {
    service: (name) =>
      node(`service:${name}`, () => ({ type: 'service', name, q: `service=${quoteValue(name)}` })),
    remote: ({ id, type, name, system, q }) => node(id, () => ({ type, name, system, q: q() })),
    edge(from, to, q, sample) {
      const id = `${from.id}\n${to.id}`
      const known = edges.get(id)
      if (known !== undefined) return known
      const facts = { from: from.id, to: to.id, q: q(), sample }
      const made: Edge = { ...counted(id), facts, async: false }
      edges.set(id, made)
      return made
    },
    finish: (seconds) => ({
      nodes: [...nodes.values()].map((each) => ({
        id: each.id,
        ...each.facts,
        ...callFigures(each.tally, seconds),
      })),
      edges: [...edges.values()].map((each) => ({
        ...each.facts,
        async: each.async,
        ...callFigures(each.tally, seconds),
      })),
    }),
  }
}

function counted(id: string): Counted & { readonly tally: Tally } {
  const calls = createTally()
  return { id, tally: calls, count: (nanos, isError) => tally(calls, nanos, isError) }
}

function callFigures(calls: Tally, seconds: number): Record<string, number> {
  const { rate, errors, errorRate, p50, p95 } = figuresOf(calls, seconds)
  return { calls: calls.calls, rate, errors, errorRate, p50, p95 }
}
