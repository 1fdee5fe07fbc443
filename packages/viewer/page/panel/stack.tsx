import type { JSX } from 'preact'
import { editorLink, placeIn } from '../navigation/editor.ts'

/** A stack whose lines of the application stand out, each with a link to the editor when one is chosen. */
export function Stack({ text }: { text: string }): JSX.Element {
  return (
    <pre class="stack">
      {text.split('\n').map((line, index) => (
        <span key={index} class={isForeign(line) ? 'quiet' : ''}>
          <Line line={line} />
        </span>
      ))}
    </pre>
  )
}

function Line({ line }: { line: string }): JSX.Element {
  const place = placeIn(line)
  const href = place && editorLink(place)
  if (!place || href === undefined) return <>{line}</>
  const at = line.indexOf(place.written)
  return (
    <>
      {line.slice(0, at)}
      <a href={href}>{place.written}</a>
      {line.slice(at + place.written.length)}
    </>
  )
}

function isForeign(line: string): boolean {
  return /node_modules|node:internal|\(node:/.test(line)
}
