import type { JSX } from 'preact'
import type { MapEdge, ServiceMap } from '../../src/contract/figures.ts'
import { duration } from '../format/duration.ts'
import { count, percent } from '../format/number.ts'
import { edgeId, nameIn } from './words.ts'

interface CallTableProps {
  readonly map: ServiceMap
  readonly edges: readonly MapEdge[]
  readonly onPick: (id: string) => void
}

/** Calls as a table, the most frequent first; each chooses its edge. */
export function CallTable({ map, edges, onPick }: CallTableProps): JSX.Element {
  const sorted = [...edges].sort((a, b) => b.calls - a.calls)
  return (
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
        {sorted.map((edge) => (
          <tr key={edgeId(edge)}>
            <td>
              <button type="button" class="link" onClick={() => onPick(edgeId(edge))}>
                <span>
                  <bdi>{nameIn(map.nodes, edge.from)}</bdi> →{' '}
                </span>
                <bdi>{nameIn(map.nodes, edge.to)}</bdi>
              </button>
            </td>
            <td>{count(edge.calls)}</td>
            <td class={edge.errors > 0 ? 'bad' : 'none'}>{percent(edge.errorRate)}</td>
            <td>{duration(edge.p95)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
