import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { keptTrace } from '../api/kept-trace.ts'
import { isConnected, isPaused, stats } from '../api/live.ts'
import { count, short } from '../format/number.ts'
import { dayAndTime } from '../format/time.ts'
import { useKeys } from '../navigation/keys.ts'
import { go, hereWith, link, listAddress, route } from '../navigation/route.ts'
import { Icon } from '../ui/icons.tsx'
import { isDark, switchTheme } from '../ui/theme.ts'
import { toggleHelp } from './help-sheet.tsx'

const screens = ['traces', 'operations', 'map', 'logs', 'receiver'] as const

/** Where one can go, how the viewer does, and light or dark. */
export function TopBar(): JSX.Element {
  const here = route.value.parts[0] ?? 'traces'
  useKeys(
    useMemo(
      () => ({
        d: switchTheme,
        t: () => go(addressOf('traces')),
        o: () => go(addressOf('operations')),
        m: () => go(addressOf('map')),
        l: () => go('/logs'),
        r: () => go('/receiver'),
      }),
      [],
    ),
  )
  return (
    <header class="top">
      <a class="brand" href={keptTrace ? hereWith({}) : '/traces'}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M3 5h9M6 10h11M9 15h5" />
        </svg>
        callchain
      </a>
      {!keptTrace && (
        <nav aria-label="Screens">
          {screens.map((name) => (
            <a key={name} href={addressOf(name)} aria-current={name === here ? 'page' : undefined}>
              {name[0]?.toUpperCase() + name.slice(1)}
            </a>
          ))}
        </nav>
      )}
      <span class="grow" />
      {keptTrace ? <p class="vitals">Saved {dayAndTime(keptTrace.written)}</p> : <Figures />}
      <button
        type="button"
        class="icon-button"
        onClick={switchTheme}
        title="Light or dark theme (d)"
        aria-label="Light or dark theme"
      >
        <Icon name={isDark.value ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        class="icon-button"
        onClick={toggleHelp}
        title="Keys (?)"
        aria-label="Keys"
      >
        ?
      </button>
    </header>
  )
}

/** What is asked for on one of these screens is asked for on the next. */
function addressOf(name: string): string {
  const shared = ['traces', 'operations', 'map']
  const { parts, search } = route.value
  const here = parts[0] ?? 'traces'
  if (name === 'traces' && here !== 'operations' && here !== 'map') return listAddress()
  if (!shared.includes(name) || !shared.includes(here) || parts.length > 1) return `/${name}`
  const kept = ['q', 'from', 'to'].map((key) => [key, search.get(key) ?? ''] as const)
  return link(`/${name}`, Object.fromEntries(kept))
}

function Figures(): JSX.Element {
  const now = stats.value
  const state = !isConnected.value ? 'away' : isPaused.value ? 'paused' : 'live'
  const words = { away: 'Viewer not reachable', paused: 'Paused', live: 'Live' }[state]
  return (
    <p class="vitals">
      <span class={`state ${state}`}>{words}</span>
      {now && (
        <>
          <span class="rate">{short(now.spansPerSecond)} spans/s</span>
          <a href="/receiver" title={`${count(now.spans)} of ${count(now.maxSpans)} spans kept`}>
            {short(now.spans)} / {short(now.maxSpans)}
          </a>
        </>
      )}
    </p>
  )
}
