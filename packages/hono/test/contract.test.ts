import { createRecorder, type Gaps, type Recorder, serverContract } from '@callchain/testing'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { getRequestListener as getRequestListener1 } from '@hono/node-server1'
import { RESPONSE_ALREADY_SENT as RESPONSE_ALREADY_SENT1 } from '@hono/node-server1/utils/response'
import { Hono } from 'hono'
import { Hono as OldestHono } from 'hono4.0'
import { createHonoApp, type Line } from './contract-application.ts'

const REFUSED = '@hono/node-server answers it with 400, before Hono'
const UNREACHABLE =
  'a middleware of Hono has no way to those that follow it: inRequest(c, next) in the callback does it'

const gaps: Gaps = {
  'records the target of OPTIONS * as it was sent': REFUSED,
  'leaves the server out when HTTP/1.0 sends no Host': REFUSED,
  "runs what follows a cache that answers its callers together in each request's own context":
    UNREACHABLE,
  "runs what follows a worker on a timer in each request's own context": UNREACHABLE,
  "runs what follows an emitter in each request's own context": UNREACHABLE,
  "runs what follows a connection that was opened outside of any request in each request's own context":
    UNREACHABLE,
  'runs the next middleware in its own context as well': UNREACHABLE,
}

const newest: Line = { Hono, getRequestListener, RESPONSE_ALREADY_SENT }
serverContract({ name: 'Hono 4', gaps, setUp, createApp: (app) => createHonoApp(newest, app) })
serverContract({
  name: 'Hono 4, with the spans of the recorder',
  gaps,
  setUp: () => setUp('recorder'),
  createApp: (app) => createHonoApp(newest, app),
})

const oldest: Line = {
  Hono: OldestHono as unknown as Line['Hono'],
  getRequestListener: getRequestListener1 as unknown as Line['getRequestListener'],
  RESPONSE_ALREADY_SENT: RESPONSE_ALREADY_SENT1,
}
serverContract({
  name: 'Hono 4.0',
  gaps: { ...gaps, 'names a method outside the conventions HTTP, and keeps what it was': REFUSED },
  setUp,
  createApp: (app) => createHonoApp(oldest, app),
})

// Gaps wait for spans that never come: not for as long as a busy machine may take.
function setUp(provider: 'sdk' | 'recorder' = 'sdk'): Recorder {
  const recorder = createRecorder({ provider })
  return { ...recorder, waitFor: (wanted) => recorder.waitFor(wanted, { timeout: 4_000 }) }
}
