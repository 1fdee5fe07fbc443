import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { apiPath } from '../../src/contract/api-path.ts'
import type { RangeParameters } from '../../src/contract/local-api.ts'
import { clearAll, importFile } from '../api/client.ts'
import { saidOfImport } from '../api/imported.ts'
import { Menu } from '../ui/menu.tsx'

/** Import, export, and clear. */
export function MoreMenu(props: { onChange: () => void; range: RangeParameters }): JSX.Element {
  const [said, setSaid] = useState('')
  const open = async (event: { currentTarget: HTMLInputElement }) => {
    const file = event.currentTarget.files?.[0]
    if (!file) return
    setSaid(saidOfImport([{ name: file.name, answer: await importFile(file) }]))
    props.onChange()
  }
  return (
    <Menu label="More" icon="more" class="button">
      <label class="menu-item">
        Import a file …
        <input type="file" class="unseen" accept=".json,.jsonl,.gz" onChange={open} />
      </label>
      <a class="menu-item" href={apiPath('export', { ...props.range })} download>
        Export these traces
      </a>
      <button
        type="button"
        class="menu-item danger"
        onClick={() => void clearAll().then(props.onChange)}
      >
        Clear everything
      </button>
      {said !== '' && <p role="status">{said}</p>}
    </Menu>
  )
}
