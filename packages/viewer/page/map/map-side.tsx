import type { JSX } from 'preact'
import type { MapEdge, MapNode, MapNumbers, ServiceMap } from '../api/figures.ts'
import { link } from '../app/route.ts'
import { duration } from '../format/duration.ts'
import { count, percent, plural, rate } from '../format/number.ts'
import { edgeId } from './edge-id.ts'

interface MapSideProps {
  readonly map: ServiceMap
  readonly chosen: string
  readonly isTrace: boolean
  readonly onPick: (id: string) => void
}

/** The figures of what is chosen, else the map as a table: the same for those who do not see it. */
export function MapSide(props: MapSideProps): JSX.Element {
  const { map, chosen } = props
  const node = map.nodes.find(({ id }) => id === chosen)
  const edge = map.edges.find((each) => edgeId(each) === chosen)
  if (node)
    return <Detail title={node.name} words={kindOf(node)} numbers={node} isTrace={props.isTrace} />
  if (edge)
    return (
      <Detail
        title={nameOf(map, edge)}
        words="Calls, as the caller measured"
        numbers={edge}
        isTrace={props.isTrace}
        sample={edge.sample}
      />
    )
  return <Calls {...props} />
}

function kindOf(node: MapNode): string {
  return node.type === 'service' ? 'Service' : `${node.system ?? ''} ${node.type}`.trim()
}

function nameOf(map: ServiceMap, edge: MapEdge): string {
  const name = (id: string) => map.nodes.find((node) => node.id === id)?.name ?? id
  return `${name(edge.from)} → ${name(edge.to)}`
}

interface DetailProps {
  readonly title: string
  readonly words: string
  readonly numbers: MapNumbers
  readonly isTrace: boolean
  readonly sample?: string | undefined
}

function Detail({ title, words, numbers, isTrace, sample }: DetailProps): JSX.Element {
  const lines: readonly (readonly [string, string])[] = [
    ['Calls', count(numbers.calls)],
    ['Rate', rate(numbers.rate)],
    ['Errors', `${count(numbers.errors)} (${percent(numbers.errorRate)})`],
    ['p50', duration(numbers.p50)],
    ['p95', duration(numbers.p95)],
  ]
  return (
    <aside class="map-side" aria-label={title}>
      <h2>{title}</h2>
      <p class="quiet">{words}</p>
      <dl class="pairs">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {!isTrace && (
        <p class="buttons">
          <a class="button" href={link('/traces', { q: numbers.q })}>
            Traces
          </a>
          <a class="button" href={link('/traces', { q: numbers.q, sort: 'duration' })}>
            Slowest first
          </a>
          {sample !== undefined && (
            <a class="button" href={`/traces/${sample}`}>
              An example
            </a>
          )}
        </p>
      )}
    </aside>
  )
}

function Calls({ map, onPick }: MapSideProps): JSX.Element {
  const edges = [...map.edges].sort((a, b) => b.calls - a.calls)
  return (
    <aside class="map-side" aria-label="Calls">
      <h2>Calls</h2>
      <p class="quiet">
        {plural(map.nodes.length, 'node')} of {plural(map.traces, 'trace')}
      </p>
      <table>
        <thead>
          <tr>
            <th>Call</th>
            <th>Calls</th>
            <th>Errors</th>
            <th>p95</th>
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => (
            <tr key={edgeId(edge)}>
              <td>
                <button type="button" class="link" onClick={() => onPick(edgeId(edge))}>
                  {nameOf(map, edge)}
                </button>
              </td>
              <td>{count(edge.calls)}</td>
              <td class={edge.errors > 0 ? 'bad' : 'none'}>{percent(edge.errorRate)}</td>
              <td>{duration(edge.p95)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </aside>
  )
}
