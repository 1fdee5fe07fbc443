import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from './icons.tsx'

interface CopyButtonProps {
  /** What is copied, or how to get it. */
  readonly text: string | (() => Promise<string | undefined>)
  readonly label: string
  readonly words?: string
}

/** Copies a text; says so for a moment. */
export function CopyButton(props: CopyButtonProps): JSX.Element {
  const [said, setSaid] = useState('')
  const copy = async () => {
    const text = typeof props.text === 'string' ? props.text : await props.text()
    const isCopied = text !== undefined && (await copyText(text))
    setSaid(isCopied ? 'Copied' : text === undefined ? 'Not there' : 'Not allowed')
    setTimeout(() => setSaid(''), 1200)
  }
  const className = props.words ? 'button small' : 'icon-button'
  return (
    <button
      type="button"
      class={className}
      title={props.label}
      aria-label={props.label}
      onClick={copy}
    >
      {said !== '' ? <span class="said">{said}</span> : <Icon name="copy" />}
      {props.words && said === '' && <span>{props.words}</span>}
    </button>
  )
}

/** Puts text on the clipboard; false when the browser does not let us. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
