import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { apiPath, clearAll, importFile, type Parameters } from '../api/client.ts'
import { Icon } from '../app/icons.tsx'
import { plural } from '../format/number.ts'

/** Import, export, and clear. */
export function MoreMenu(props: { onChange: () => void; range: Parameters }): JSX.Element {
  const details = useRef<HTMLDetailsElement>(null)
  const [said, setSaid] = useState('')
  const close = () => {
    if (details.current) details.current.open = false
  }
  const open = async (event: { currentTarget: HTMLInputElement }) => {
    const file = event.currentTarget.files?.[0]
    if (!file) return
    const { value, refusal } = await importFile(file)
    setSaid(value ? `${plural(value.spans, 'span')} read` : (refusal?.message ?? ''))
    props.onChange()
  }
  return (
    <details class="menu" ref={details}>
      <summary class="button" aria-label="More">
        <Icon name="more" />
      </summary>
      <div class="menu-items">
        <label class="menu-item">
          Import a file …
          <input type="file" class="unseen" accept=".json,.jsonl,.gz" onChange={open} />
        </label>
        <a class="menu-item" href={apiPath('export', props.range)} download onClick={close}>
          Export these traces
        </a>
        <button
          type="button"
          class="menu-item danger"
          onClick={() => {
            close()
            void clearAll().then(props.onChange)
          }}
        >
          Forget everything
        </button>
        {said !== '' && <p role="status">{said}</p>}
      </div>
    </details>
  )
}
