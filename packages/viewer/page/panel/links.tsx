import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { TraceName, WholeSpan } from '../../src/contract/trace.ts'
import type { Attributes } from '../../src/contract/value.ts'
import { bodyText } from '../format/body-text.ts'
import { count } from '../format/number.ts'
import { link } from '../navigation/route.ts'
import { Section } from './section.tsx'

const LINKS_PER_STEP = 12

interface LinkLine {
  readonly trace: string
  readonly span: string
  readonly service?: string | undefined
  readonly name?: string | undefined
  readonly root?: TraceName | undefined
  readonly attributes: Attributes
}

/** The spans that a span links to, and those that link to it, each with the name of its trace. */
export function Links({ span, trace }: { span: WholeSpan; trace: string }): JSX.Element | null {
  const { links = [], linkedFrom = [] } = span
  if (links.length + linkedFrom.length === 0) return null
  return (
    <>
      {links.length > 0 && <LinkList title="Links to" lines={links} trace={trace} />}
      {linkedFrom.length > 0 && <LinkList title="Linked from" lines={linkedFrom} trace={trace} />}
    </>
  )
}

interface LinkListProps {
  readonly title: string
  readonly lines: readonly LinkLine[]
  readonly trace: string
}

/** The first of them, and the rest when asked: a batch has up to 128. */
function LinkList({ title, lines, trace }: LinkListProps): JSX.Element {
  const [shown, setShown] = useState(LINKS_PER_STEP)
  const more = lines.length - shown
  return (
    <Section title={lines.length === 1 ? title : `${title} (${count(lines.length)})`}>
      <ul class="plain links">
        {lines.slice(0, shown).map((each) => (
          <li key={`${each.trace}${each.span}`}>
            <Target line={each} isHere={each.trace === trace} />
            <LinkAttributes attributes={each.attributes} />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="link" onClick={() => setShown(lines.length)}>
          Show {count(more)} more
        </button>
      )}
    </Section>
  )
}

function Target({ line, isHere }: { line: LinkLine; isHere: boolean }): JSX.Element {
  const { trace, span, service, name, root } = line
  const ids = `${trace.slice(0, 8)}… / ${span}`
  return (
    <a href={link(`/traces/${trace}`, { span })} title={`Trace ${trace}, span ${span}`}>
      {name === undefined ? ids : `${service} ${name}`}
      <small>{whereOf(root, isHere)}</small>
    </a>
  )
}

/** In which trace the other span is. */
function whereOf(root: TraceName | undefined, isHere: boolean): string {
  if (isHere) return 'in this trace'
  return root === undefined ? 'not received' : `in ${root.service} ${root.name}`
}

function LinkAttributes({ attributes }: { attributes: Attributes }): JSX.Element | null {
  const entries = Object.entries(attributes)
  if (entries.length === 0) return null
  return (
    <dl>
      {entries.map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{typeof value === 'object' ? JSON.stringify(value) : bodyText(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
