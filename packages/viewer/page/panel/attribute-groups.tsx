import type { ComponentChildren, JSX } from 'preact'
import type { Trace, WholeSpan } from '../../src/contract/trace.ts'
import type { Attributes, Value } from '../../src/contract/value.ts'
import { bodyText } from '../format/body-text.ts'
import { editorLink } from '../navigation/editor.ts'
import { link } from '../navigation/route.ts'
import { attributeTerm } from '../query/terms.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icons.tsx'
import { codePlace } from './code-place.ts'
import { EditorSelect } from './editor-select.tsx'

const groups: readonly (readonly [string, RegExp])[] = [
  ['For', /^(?:tenant|user|enduser|session)\./],
  ['HTTP', /^(?:http|url|user_agent)\./],
  ['Database', /^(?:callchain\.)?db\./],
  ['Messaging', /^(?:messaging|callchain\.message)\./],
  ['RPC', /^rpc\./],
  ['Error', /^(?:error|exception)\./],
  ['Network', /^(?:server|client|network|net|peer)\./],
  ['Code', /^(?:code|thread)\./],
]

/** The span's attributes by what they are about, then those of its service. */
export function AttributeGroups({ span, trace }: { span: WholeSpan; trace: Trace }): JSX.Element {
  const resource = trace.resources[span.resource]?.attributes ?? {}
  const scope = trace.scopes[span.scope]
  const sorted = sortIntoGroups(span.attributes)
  return (
    <>
      {sorted.map(([title, attributes]) => (
        <Group key={title} title={title} attributes={attributes} isOpen>
          {title === 'Code' && <CodeLink attributes={attributes} />}
        </Group>
      ))}
      <Group title="Resource" attributes={resource} isOpen={false} />
      {scope && (
        <Group
          title="Instrumentation"
          attributes={{ name: scope.name, version: scope.version, ...scope.attributes }}
          isOpen={false}
          isPlain
        />
      )}
    </>
  )
}

function sortIntoGroups(attributes: Attributes): [string, Attributes][] {
  const found = new Map<string, Attributes>()
  for (const [key, value] of Object.entries(attributes)) {
    const title = groups.find(([, pattern]) => pattern.test(key))?.[0] ?? 'Other'
    found.set(title, { ...found.get(title), [key]: value })
  }
  const order = [...groups.map(([title]) => title), 'Other']
  return [...found].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
}

interface GroupProps {
  readonly title: string
  readonly attributes: Attributes
  readonly isOpen: boolean
  readonly isPlain?: boolean
  readonly children?: ComponentChildren
}

function Group({ title, attributes, isOpen, isPlain, children }: GroupProps): JSX.Element {
  return (
    <details class="attributes" open={isOpen}>
      <summary>
        <h3>{title}</h3>
      </summary>
      <dl>
        {Object.entries(attributes)
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([key, value]) => (
            <Line key={key} name={key} value={value} isPlain={isPlain ?? false} />
          ))}
      </dl>
      {children}
    </details>
  )
}

/** The way into the editor. */
function CodeLink({ attributes }: { attributes: Attributes }): JSX.Element | null {
  const place = codePlace(attributes)
  if (!place) return null
  const href = editorLink(place)
  return (
    <p class="code-link">
      <EditorSelect />
      {href !== undefined && (
        <a class="button small" href={href}>
          Open line {place.line}
        </a>
      )}
    </p>
  )
}

function Line(props: { name: string; value: Value; isPlain: boolean }): JSX.Element {
  const { name, value } = props
  const isScalar = value === null || typeof value !== 'object'
  const text = isScalar ? bodyText(value) : JSON.stringify(value, null, 2)
  return (
    <div>
      <dt title={name}>{name}</dt>
      <dd class={typeof value}>
        {text}
        <span class="line-tools">
          {isScalar && !props.isPlain && text.length < 300 && (
            <a
              class="icon-button"
              href={link('/traces', { q: attributeTerm(name, text) })}
              title="Traces with this value"
              aria-label={`Traces with this ${name}`}
            >
              <Icon name="filter" />
            </a>
          )}
          <CopyButton text={text} label={`Copy ${name}`} />
        </span>
      </dd>
    </div>
  )
}
