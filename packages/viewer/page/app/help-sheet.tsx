import { type Signal, signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { helpKeys } from '../navigation/help-keys.ts'
import { useKeys } from '../navigation/keys.ts'
import { Icon } from '../ui/icons.tsx'

const isOpen: Signal<boolean> = signal(false)

/** Opens or closes the sheet of keys. */
export function toggleHelp(): void {
  isOpen.value = !isOpen.value
}

/** All keys and what a query is made of, in one sheet. */
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
      aria-label="Keys and queries"
      onClose={() => {
        isOpen.value = false
      }}
    >
      <header>
        <h2>Keys and queries</h2>
        <button type="button" class="icon-button" onClick={toggleHelp} aria-label="Close">
          <Icon name="close" />
        </button>
      </header>
      <div class="help-screens">
        {helpKeys.map(([title, keys]) => (
          <section key={title} aria-label={title}>
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
      </div>
    </dialog>
  )
}
