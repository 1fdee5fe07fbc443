import type { JSX } from 'preact'
import { LogsScreen } from '../logs/logs-screen.tsx'
import { MapScreen } from '../map/map-screen.tsx'
import { followLinks, route } from '../navigation/route.ts'
import { useTitle } from '../navigation/title.ts'
import { OperationsScreen } from '../operations/operations-screen.tsx'
import { ReceiverScreen } from '../receiver/receiver-screen.tsx'
import { TraceScreen } from '../trace/trace-screen.tsx'
import { TracesScreen } from '../traces/traces-screen.tsx'
import { allowFiles, DropNote, takeFiles } from './drop-files.tsx'
import { HelpSheet } from './help-sheet.tsx'
import { TopBar } from './top-bar.tsx'

/** The page: the bar on top, the screen that the address names, the sheet of keys. */
export function App(): JSX.Element {
  useTitle(title())
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it follows links, which have keys of their own
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click
    <div class="app" onClick={followLinks} onDragOver={allowFiles} onDrop={takeFiles}>
      <TopBar />
      <DropNote />
      {screen()}
      <HelpSheet />
    </div>
  )
}

/** What the screen is called; a trace has a name of its own. */
function title(): string | undefined {
  const [first = 'traces', second] = route.value.parts
  if (first === 'traces' && second !== undefined) return undefined
  const named = ['operations', 'map', 'logs', 'receiver'].includes(first) ? first : 'traces'
  return named.charAt(0).toUpperCase() + named.slice(1)
}

function screen(): JSX.Element {
  const [first, second] = route.value.parts
  if (first === 'traces' && second !== undefined)
    return <TraceScreen key={second} id={second.toLowerCase()} />
  if (first === 'operations') return <OperationsScreen />
  if (first === 'map') return <MapScreen />
  if (first === 'logs') return <LogsScreen />
  if (first === 'receiver') return <ReceiverScreen />
  return <TracesScreen />
}
