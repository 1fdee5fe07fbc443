import type { JSX } from 'preact'
import { count } from '../format/number.ts'
import { Menu } from '../ui/menu.tsx'
import { ServiceTag } from '../ui/service-tag.tsx'
import { hideServices } from './hidden-services.ts'
import type { TraceView } from './view.ts'

/** Hides services from the waterfall, and shows them again. */
export function ServiceMenu({ view }: { view: TraceView }): JSX.Element | null {
  const { services } = view.trace.value.trace
  const hidden = view.hidden.value
  if (services.length < 2 && hidden.size === 0) return null
  const names = services.map(({ name }) => name)
  const shown = names.filter((name) => !hidden.has(name))
  const toggle = (name: string) =>
    hideServices(names.filter((each) => (each === name) !== hidden.has(each)))
  const isAll = shown.length === names.length
  return (
    <Menu
      label="Services"
      words={isAll ? 'Services' : `Services ${shown.length} of ${names.length}`}
      isOn={!isAll}
    >
      {services.map(({ name, spans }) => (
        <div key={name} class="menu-row">
          <label class="menu-item">
            <input type="checkbox" checked={!hidden.has(name)} onChange={() => toggle(name)} />
            <ServiceTag name={name} />
            <small class="quiet">{count(spans)}</small>
          </label>
          <button
            type="button"
            class="button small"
            aria-label={`Only ${name}`}
            onClick={() => hideServices(names.filter((each) => each !== name))}
          >
            Only
          </button>
        </div>
      ))}
      <button type="button" class="menu-item" disabled={isAll} onClick={() => hideServices([])}>
        Show all services
      </button>
    </Menu>
  )
}
