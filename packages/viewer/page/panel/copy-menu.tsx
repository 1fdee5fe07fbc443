import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { WholeSpan } from '../../src/contract/trace.ts'
import { copyText } from '../ui/copy-button.tsx'
import { Menu } from '../ui/menu.tsx'
import { spanJson, spanMarkdown, spanPlain } from './span-text.ts'

/** Copies the span, in a form that the user chooses. */
export function CopyMenu({ span, trace }: { span: WholeSpan; trace: string }): JSX.Element {
  const [said, setSaid] = useState('')
  const forms: readonly (readonly [string, () => string])[] = [
    ['As Markdown', () => spanMarkdown(span, trace)],
    ['As text', () => spanPlain(span, trace)],
    ['As JSON', () => spanJson(span)],
  ]
  const copy = async (text: string) => setSaid((await copyText(text)) ? 'Copied' : 'Not allowed')
  return (
    <Menu label="Copy the span" icon="copy" class="icon-button">
      {forms.map(([words, make]) => (
        <button key={words} type="button" class="menu-item" onClick={() => copy(make())}>
          {words}
        </button>
      ))}
      <p role="status">{said}</p>
    </Menu>
  )
}
