import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'

const ROOT = join(__dirname, '../../..')
const run = promisify(execFile)

interface Outcome {
  readonly answers: { status: number; body: string }[]
  readonly spans: Record<string, unknown>[]
  readonly open: number
}

// Other instrumentations hook into require(), which a test runner has taken over: hence a process of
// its own, which can run built packages alone. The set-up sees to it that no two suites build at once.
beforeAll(async () => {
  await run(process.execPath, ['scripts/set-up.cjs', '--build', '--no-install'], { cwd: ROOT })
}, 300_000)

async function serveThree(framework: string, order: 'before' | 'after'): Promise<Outcome> {
  const fixture = join(__dirname, 'fixtures/living-with-others.cjs')
  const { stdout } = await run(process.execPath, [fixture, framework, order], { timeout: 80_000 })
  return JSON.parse(stdout)
}

async function enrichesTheOneSpan(framework: string, order: 'before' | 'after'): Promise<void> {
  const { answers, spans, open } = await serveThree(framework, order)
  expect(answers.map(({ status }) => status)).toEqual([200, 500, 404])
  expect(JSON.parse(answers[0]?.body ?? '')).toEqual({ heard: 'acme' })
  const continued = {
    kind: SpanKind.SERVER,
    scope: '@opentelemetry/instrumentation-http',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: 'b7ad6b7169203331',
  }
  const route = '/orgs/:org/items/:id'
  expect(spans).toMatchObject([
    {
      ...continued,
      name: `POST ${route}`,
      status: SpanStatusCode.UNSET,
      events: ['callchain.identity.conflict'],
      attributes: { 'http.route': route, 'tenant.id': 'acme', 'http.response.status_code': 200 },
    },
    {
      ...continued,
      name: `POST ${route}`,
      status: SpanStatusCode.ERROR,
      events: ['callchain.identity.conflict', 'exception'],
      attributes: {
        'http.route': route,
        'tenant.id': 'acme',
        'http.response.status_code': 500,
        'error.type': 'RangeError',
      },
    },
    {
      ...continued,
      name: 'POST',
      status: SpanStatusCode.UNSET,
      events: [],
      attributes: { 'tenant.id': 'claimed', 'http.response.status_code': 404 },
    },
  ])
  expect(open).toBe(0)
}

describe('next to the HTTP instrumentation of OpenTelemetry', () => {
  it(
    'Koa has one span a request, the instrumentation loaded first',
    () => enrichesTheOneSpan('koa', 'before'),
    90_000,
  )

  it(
    'Koa has one span a request, the instrumentation loaded last',
    () => enrichesTheOneSpan('koa', 'after'),
    90_000,
  )

  it(
    'Express has one span a request, the instrumentation loaded first',
    () => enrichesTheOneSpan('express', 'before'),
    90_000,
  )

  it(
    'Express has one span a request, the instrumentation loaded last',
    () => enrichesTheOneSpan('express', 'after'),
    90_000,
  )

  it(
    'Fastify has one span a request, the instrumentation loaded first',
    () => enrichesTheOneSpan('fastify', 'before'),
    90_000,
  )

  it(
    'Fastify has one span a request, the instrumentation loaded last',
    () => enrichesTheOneSpan('fastify', 'after'),
    90_000,
  )
})
