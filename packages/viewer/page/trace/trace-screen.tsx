import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Trace } from '../../src/contract/trace.ts'
import type { TraceSummary } from '../../src/contract/trace-list.ts'
import { read } from '../api/client.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useStream } from '../api/use-stream.ts'
import { useThrottled } from '../api/use-throttled.ts'
import { duration } from '../format/duration.ts'
import { useKeys } from '../navigation/keys.ts'
import { back, change, parameter } from '../navigation/route.ts'
import { useTitle } from '../navigation/title.ts'
import { Empty } from '../ui/empty.tsx'
import { JsonTab } from './json-tab.tsx'
import { LogsTab } from './logs-tab.tsx'
import { MapTab } from './map-tab.tsx'
import { OpenIn } from './open-in.tsx'
import { SqlTab } from './sql-tab.tsx'
import { Timeline } from './timeline.tsx'
import { TraceHeader } from './trace-header.tsx'
import { useFocusOnOpen } from './use-focus-on-open.ts'
import { type TraceView, useTraceView } from './view.ts'

/** Traces with more spans than this come without what only the panel shows. */
const MAX_WHOLE_SPANS = 1000

const tabs = ['timeline', 'sql', 'logs', 'map', 'json'] as const

/** One trace, with its tabs. */
export function TraceScreen({ id }: { id: string }): JSX.Element {
  const { value, refusal, reload } = useAnswer('traces/{id}', { id, brief: MAX_WHOLE_SPANS })
  const refresh = useThrottled(reload, value?.brief ? 3000 : 500)
  const [isHeard, setHeard] = useState(false)
  const opened = () => setHeard(true)
  useStream({ topics: 'stats', trace: id }, { trace: refresh, opened, reconnected: refresh })
  const isHere = value !== undefined
  useTitle(value ? `${value.trace.root.name} ${duration(value.trace.duration)}` : 'Trace')
  useEffect(() => {
    if (isHeard && isHere) void hasChanged(value.trace).then((has) => has && refresh())
  }, [isHeard, isHere])
  if (value) return <TraceTabs trace={value} />
  if (!refusal) return <main class="screen" aria-busy="true" />
  return (
    <main class="screen">
      <Empty title={refusal.status === 404 ? 'Trace not found' : 'The trace cannot be read'}>
        <p>
          {refusal.status === 404
            ? 'It was evicted to make room, or was never received.'
            : refusal.message}
        </p>
        <div class="buttons">
          <a class="button" href="/traces">
            See all traces
          </a>
          <OpenIn id={id} class="button" />
        </div>
      </Empty>
    </main>
  )
}

/** Whether a trace has grown since, before its changes could be heard. */
async function hasChanged({ id, updated }: TraceSummary): Promise<boolean> {
  const { value } = await read('traces', { q: `trace=${id}`, limit: 1 })
  const [now] = value?.traces ?? []
  return now !== undefined && now.updated !== updated
}

function TraceTabs({ trace }: { trace: Trace }): JSX.Element {
  const view = useTraceView(trace)
  const tab = parameter('tab') || 'timeline'
  useFocusOnOpen(view)
  useKeys(
    useMemo(() => {
      const keys = Object.fromEntries(
        tabs.map((name, index) => [
          String(index + 1),
          () => change({ tab: name === 'timeline' ? undefined : name }),
        ]),
      )
      return { ...keys, Escape: () => leave() }
    }, []),
  )
  return (
    <main class="screen trace">
      <TraceHeader trace={trace} tab={tab} />
      <Panel name={tab}>{tabContent(tab, view)}</Panel>
    </main>
  )
}

function leave(): void {
  if (parameter('span') !== '') change({ span: undefined })
  else if (parameter('focus') !== '') change({ focus: undefined })
  else back()
}

function tabContent(tab: string, view: TraceView): JSX.Element {
  const { trace } = view.trace.value
  if (tab === 'sql') return <SqlTab trace={view.trace.value} />
  if (tab === 'logs') return <LogsTab id={trace.id} start={trace.start} />
  if (tab === 'map') return <MapTab id={trace.id} />
  if (tab === 'json') return <JsonTab id={trace.id} />
  return <Timeline view={view} />
}

function Panel(props: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${props.name}`}>
      {props.children}
    </div>
  )
}
