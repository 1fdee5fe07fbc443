import { calls } from './calls.js'
import { checks } from './checks.js'
import { clients } from './clients.js'
import { context } from './context.js'
import { databases } from './databases.js'
import { exit } from './exit.js'
import { growth } from './growth.js'
import { inMemory } from './in-memory.js'
import { logs } from './logs.js'
import { messages } from './messages.js'
import { newer, pipes } from './pipes.js'
import { server } from './server.js'
import { span } from './span.js'
import { startUp } from './start-up.js'
import { viewer } from './viewer.js'

/**
 * The sections of the page, in its order. `measure(options)` gives the results, and
 * `render(results, options)` what the page says below the section's title.
 */
export const sections = {
  server,
  pipes,
  newer,
  growth,
  span,
  context,
  clients,
  databases,
  'in-memory': inMemory,
  messages,
  calls,
  logs,
  exit,
  'start-up': startUp,
  viewer,
  checks,
}
