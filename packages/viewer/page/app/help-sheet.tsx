import { type Signal, signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Icon } from './icons.tsx'
import { useKeys } from './keys.ts'

const isOpen: Signal<boolean> = signal(false)

const sheet: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['t o m l r', 'Traces, Operations, Map, Logs, Receiver'],
      ['/', 'Query, or find in the trace'],
      ['d', 'Light or dark'],
      ['Esc', 'Back, or close'],
      ['?', 'This sheet'],
    ],
  ],
  [
    'List of traces',
    [
      ['j k ↓ ↑', 'Next, previous'],
      ['Enter', 'Open'],
      ['Home End', 'First, last'],
      ['x', 'Hide its operation'],
      ['p', 'Pause, resume'],
    ],
  ],
  [
    'Trace',
    [
      ['j k ↓ ↑', 'Next, previous span'],
      ['Home End', 'First, last span'],
      ['← →', 'Fold, unfold'],
      ['[ ]', 'Fold all, unfold all'],
      ['e E', 'Next, previous error'],
      ['n N', 'Next, previous match'],
      ['f', 'The subtree of the span alone, and back'],
      ['c', 'Critical path'],
      ['z', 'The whole trace in time'],
      ['1 – 5', 'Timeline, SQL, Logs, Map, JSON'],
    ],
  ],
]

/** Opens or closes the sheet of keys. */
export function toggleHelp(): void {
  isOpen.value = !isOpen.value
}

/** All keys, in one sheet. */
export function HelpSheet(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useKeys(useMemo(() => ({ '?': toggleHelp }), []))
  const open = isOpen.value
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-label="Keys"
      onClose={() => {
        isOpen.value = false
      }}
    >
      <header>
        <h2>Keys</h2>
        <button type="button" class="icon-button" onClick={toggleHelp} aria-label="Close">
          <Icon name="close" />
        </button>
      </header>
      {sheet.map(([title, keys]) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {keys.map(([names, words]) => (
              <div key={names}>
                <dt>
                  {names.split(' ').map((name) => (
                    <kbd key={name}>{name}</kbd>
                  ))}
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </dialog>
  )
}
