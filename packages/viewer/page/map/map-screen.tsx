import type { JSX } from 'preact'
import { isPaused } from '../api/live.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useStream } from '../api/use-stream.ts'
import { useThrottled } from '../api/use-throttled.ts'
import { change, parameter } from '../navigation/route.ts'
import { LiveButton } from '../query/live-button.tsx'
import { QueryBox } from '../query/query-box.tsx'
import { RangeSelect } from '../query/range-select.tsx'
import { Empty } from '../ui/empty.tsx'
import { NoMatch } from '../ui/no-match.tsx'
import { LazyMapView } from './lazy-map-view.ts'

/** Who calls whom, in the traces that match. */
export function MapScreen(): JSX.Element {
  const range = { q: parameter('q'), from: parameter('from'), to: parameter('to') }
  const { value, refusal, reload } = useAnswer('map', range)
  const refresh = useThrottled(reload, 2000)
  const listener = () => {
    if (!isPaused.value) refresh()
  }
  useStream(
    { topics: 'traces,stats' },
    { traces: listener, cleared: refresh, opened: refresh, reconnected: refresh },
  )
  return (
    <main class="screen">
      <h1 class="unseen">Map</h1>
      <div class="toolbar">
        <QueryBox
          query={range.q}
          onChange={(q) => change({ q }, 'push')}
          placeholder="tenant.id=acme status:error"
          refusal={refusal}
        />
        <RangeSelect />
        <LiveButton onResume={refresh} />
      </div>
      {value && value.nodes.length === 0 && (
        <MapEmpty isAsked={range.q !== '' || range.from !== ''} />
      )}
      {value && value.nodes.length > 0 && <LazyMapView map={value} />}
    </main>
  )
}

function MapEmpty({ isAsked }: { isAsked: boolean }): JSX.Element {
  if (isAsked) return <NoMatch title="No calls match" words="Show the whole map" />
  return (
    <Empty title="Nothing to draw yet">
      <p>
        The map grows from the traces that arrive: services, their databases, and the hosts they
        call.
      </p>
      <a class="button" href="/receiver">
        How to send traces
      </a>
    </Empty>
  )
}
