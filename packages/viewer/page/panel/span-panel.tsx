import type { JSX } from 'preact'
import type { Span, Trace } from '../../src/contract/trace.ts'
import { Icon } from '../ui/icons.tsx'
import { ServiceTag } from '../ui/service-tag.tsx'
import { ToggleButton } from '../ui/toggle-button.tsx'
import { CopyMenu } from './copy-menu.tsx'
import { Details } from './details.tsx'
import { Figures } from './figures.tsx'
import { useDetails } from './use-details.ts'

interface SpanPanelProps {
  readonly span: Span
  readonly parent: Span | undefined
  readonly trace: Trace
  readonly isFocused: boolean
  readonly onFocus: (isOn: boolean) => void
  readonly onClose: () => void
}

/** Everything about one span: what went wrong and the statement first. */
export function SpanPanel(props: SpanPanelProps): JSX.Element {
  const { span, trace, isFocused } = props
  const whole = useDetails(span, trace)
  return (
    <aside class="panel" aria-label="Span">
      <header>
        <ServiceTag name={span.service} />
        <span class="tag">{span.kind}</span>
        <span class="grow" />
        {(span.descendants > 0 || isFocused) && (
          <ToggleButton
            isOn={isFocused}
            title="Show only this span and its descendants (f)"
            onToggle={() => props.onFocus(!isFocused)}
          >
            Focus
          </ToggleButton>
        )}
        {whole && <CopyMenu span={whole} trace={trace.trace.id} />}
        <button
          type="button"
          class="icon-button"
          aria-label="Close"
          title="Close (Esc)"
          onClick={props.onClose}
        >
          <Icon name="close" />
        </button>
        <h2>{span.name}</h2>
      </header>
      <div class="panel-body" aria-busy={whole === undefined}>
        <Figures span={span} parent={props.parent} total={trace.trace.duration} />
        {whole && <Details span={whole} trace={trace} />}
        <p class="quiet ids">
          Span {span.id}
          {span.parent !== undefined && <>, child of {span.parent}</>}
        </p>
      </div>
    </aside>
  )
}
