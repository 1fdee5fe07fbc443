import { render } from 'preact'
import { loadServiceOrder } from './api/service-colour.ts'
import { loadTraceLinks } from './api/trace-links.ts'
import { App } from './app/app.tsx'
import { measureGutter } from './lists/measure-gutter.ts'
import { listenToKeys } from './navigation/keys.ts'
import { applyTheme } from './ui/theme.ts'
import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/menu.css'
import './style/shell.css'
import './style/query.css'
import './style/help.css'
import './style/tables.css'
import './style/columns.css'
import './style/logs.css'
import './style/traces.css'
import './style/trace.css'
import './style/waterfall.css'
import './style/names.css'
import './style/bars.css'
import './style/sql-tab.css'
import './style/panel.css'
import './style/attributes.css'
import './style/map.css'
import './style/map-side.css'
import './style/receiver.css'
import './style/loading.css'
import './style/narrow.css'

const place = document.getElementById('app')
if (place) {
  void loadServiceOrder()
  void loadTraceLinks()
  applyTheme()
  measureGutter()
  listenToKeys()
  render(<App />, place)
}
