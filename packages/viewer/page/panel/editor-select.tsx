import type { JSX } from 'preact'
import { chooseEditor, editor, editors } from '../navigation/editor.ts'

/** Which editor the places in code open in; none at first. */
export function EditorSelect(): JSX.Element {
  return (
    <select
      class={`chip ${editor.value === '' ? '' : 'on'}`}
      aria-label="Open files in"
      title="Link the files in this panel to your editor"
      value={editor.value}
      onChange={(event) => chooseEditor(event.currentTarget.value)}
    >
      <option value="">No editor links</option>
      {Object.entries(editors).map(([name, [words]]) => (
        <option key={name} value={name}>{`Open in ${words}`}</option>
      ))}
    </select>
  )
}
