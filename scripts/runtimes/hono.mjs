// Hono on the runtime's own server, in place of @hono/node-server; on built packages:
// bun scripts/runtimes/hono.mjs, deno run -A scripts/runtimes/hono.mjs. Throws where a span is not as it should be.
import assert from 'node:assert/strict'
import { tenant } from '@callchain/core'
import { tracing } from '@callchain/hono'
import { createRecorder } from '@callchain/testing'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, baggage: 'tenant.id=acme' }

const recorder = createRecorder()
const app = new Hono()
app.use(tracing())
app.onError((_error, c) => c.text('sorry', 500))
app.get('/items/:id', async (c) => {
  await Promise.resolve()
  return c.text(tenant.get() ?? 'none')
})
app.get('/boom', () => {
  throw new RangeError('out')
})
app.get('/events', (c) =>
  streamSSE(c, async (stream) => {
    for (let count = 0; count < 3; count += 1) await stream.writeSSE({ data: 'x' })
  }),
)
app.get('/forever', (c) =>
  streamSSE(c, async (stream) => {
    await stream.writeSSE({ data: 'x' })
    await new Promise((resolve) => stream.onAbort(resolve))
  }),
)

const { Bun, Deno } = globalThis
const address = { port: 0, hostname: '127.0.0.1' }
const port = Bun
  ? Bun.serve({ ...address, fetch: app.fetch }).port
  : Deno.serve({ ...address, onListen() {} }, app.fetch).addr.port
const ask = (path, options) => fetch(`http://127.0.0.1:${port}${path}`, options)

const believed = await ask('/items/7', { headers: CALLER })
assert.equal(await believed.text(), 'acme')
const far = await ask('/items/7', { headers: { ...CALLER, 'x-forwarded-for': '203.0.113.7' } })
assert.equal(await far.text(), 'none')
assert.equal((await ask('/boom')).status, 500)
assert.equal(await (await ask('/events')).text(), 'data: x\n\n'.repeat(3))
const leaving = new AbortController()
const forever = await ask('/forever', { signal: leaving.signal })
await forever.body.getReader().read()
leaving.abort()

const spans = await recorder.waitFor(5)
const seen = spans.map(({ name, attributes }) => [
  name,
  attributes['http.response.status_code'],
  attributes['error.type'],
  attributes['tenant.id'],
])
assert.deepEqual(seen, [
  ['GET /items/:id', 200, undefined, 'acme'],
  ['GET /items/:id', 200, undefined, undefined],
  ['GET /boom', 500, 'RangeError', undefined],
  ['GET /events', 200, undefined, undefined],
  ['GET /forever', 200, 'client_abort', undefined],
])
assert.deepEqual(
  spans.slice(0, 2).map((span) => span.spanContext().traceId === TRACE),
  [true, false],
)
console.log(`${Bun ? 'Bun' : 'Deno'}: 5 requests, 5 spans as they should be`)
process.exit(0)
