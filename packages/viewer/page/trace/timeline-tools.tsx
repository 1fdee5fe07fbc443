import type { Signal } from '@preact/signals'
import type { ComponentChildren, JSX, TargetedKeyboardEvent } from 'preact'
import { count } from '../format/number.ts'
import { focusRow } from '../lists/focus-row.ts'
import { change, parameter } from '../navigation/route.ts'
import { Icon, type IconName } from '../ui/icons.tsx'
import { ToggleButton } from '../ui/toggle-button.tsx'
import { ServiceMenu } from './service-menu.tsx'
import { stepToMatch, timelineKeys } from './timeline-keys.ts'
import type { TraceView } from './view.ts'

interface ToolsProps {
  readonly view: TraceView
  readonly search: { current: HTMLInputElement | null }
}

/** Search in the trace, jumps to errors, and switches of the waterfall. */
export function TimelineTools({ view, search }: ToolsProps): JSX.Element {
  const keys = timelineKeys(view, search)
  const press = (key: string) => () => keys[key]?.(new KeyboardEvent('keydown', { key }))
  const { errors } = view.trace.value.trace
  return (
    <div class="tools">
      <FindBox view={view} search={search} />
      {errors > 0 && (
        <button type="button" class="button small bad" onClick={press('e')} title="Next error (e)">
          <Icon name="error" /> {count(errors)} {errors === 1 ? 'error' : 'errors'}
        </button>
      )}
      <span class="grow" />
      <ServiceMenu view={view} />
      <Switch on={view.showCritical} title="The spans that determine how long the trace took (c)">
        Critical path
      </Switch>
      <button type="button" class="button small" onClick={press('[')} title="Fold all ([)">
        Fold
      </button>
      <button type="button" class="button small" onClick={press(']')} title="Unfold all (])">
        Unfold
      </button>
      {view.zoom.value && (
        <button
          type="button"
          class="button small"
          onClick={press('z')}
          title="Show the whole trace (z)"
        >
          Whole trace
        </button>
      )}
    </div>
  )
}

function FindBox({ view, search }: ToolsProps): JSX.Element {
  const text = parameter('find')
  const { spans, isWaiting } = view.find.value
  const at = spans.findIndex(({ id }) => id === parameter('span'))
  const found = spans.length === 0 ? 'none' : `${at < 0 ? '–' : at + 1} of ${count(spans.length)}`
  return (
    <div class="find">
      <Icon name="search" />
      <input
        ref={search}
        type="search"
        aria-label="Find in this trace"
        placeholder="Find in this trace"
        value={text}
        onInput={(event) => change({ find: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.isComposing)
            stepToMatch(view, event.shiftKey ? -1 : 1)
          if (event.key === 'Escape') leave(event)
        }}
      />
      {text.trim() !== '' && (
        <>
          <small role="status">{isWaiting ? 'searching …' : found}</small>
          <Step words="Previous match (N)" icon="up" onClick={() => stepToMatch(view, -1)} />
          <Step words="Next match (n)" icon="down" onClick={() => stepToMatch(view, 1)} />
          <Switch on={view.onlyMatches} title="Show only the matching spans">
            Only these
          </Switch>
        </>
      )}
    </div>
  )
}

/** Leaves the box as it is: a browser would empty it, and its matches are still to be walked. */
function leave(event: TargetedKeyboardEvent<HTMLInputElement>): void {
  event.preventDefault()
  event.currentTarget.blur()
  focusRow(parameter('span'))
}

function Step(props: { words: string; icon: IconName; onClick: () => void }): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.words}
      title={props.words}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  )
}

function Switch(props: {
  on: Signal<boolean>
  title: string
  children: ComponentChildren
}): JSX.Element {
  return (
    <ToggleButton
      isOn={props.on.value}
      title={props.title}
      onToggle={() => {
        props.on.value = !props.on.value
      }}
    >
      {props.children}
    </ToggleButton>
  )
}
