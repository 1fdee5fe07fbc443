import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { selfSigned } from '../../testing/src/client/self-signed.ts'
import { buildClients, ROOT } from './build-clients.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'callchain-recipes-'))
const { NODE_OPTIONS: _, ...env } = process.env

interface Received {
  readonly method: string
  readonly url: string
  readonly traceparent?: string[]
  readonly baggage?: string[]
  readonly expect?: string[]
  readonly signed?: boolean
  readonly signedHeaders?: string
}

interface Outcome {
  readonly spans: { name: string; spanId: string; status: number; resent?: number }[]
  readonly received: Received[]
  readonly open: number
}

beforeAll(buildClients, 300_000)
afterAll(() => rmSync(folder, { recursive: true }))

// Most of these come as ES modules, for which a test runner has no room: each has a process of its own.
async function use(recipe: string): Promise<Outcome> {
  const { cert, key } = selfSigned()
  const files = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  for (const [index, text] of [cert, key].entries()) writeFileSync(files[index] ?? '', text)
  const fixture = join(__dirname, 'fixtures/use-recipe.mjs')
  const options = { cwd: ROOT, env: { ...env, NODE_EXTRA_CA_CERTS: files[0] } }
  const { stdout } = await run(process.execPath, [fixture, recipe, ...files], options)
  return JSON.parse(stdout)
}

const idsOnTheWire = ({ received }: Outcome): (string | undefined)[] =>
  received.map(({ traceparent }) => traceparent?.join().split('-')[2])

describe.each(['aws-sdk', 'aws-sdk without TLS'])('The recipe for the AWS SDK: %s', (recipe) => {
  it('keeps every signature valid, on retries as well, and gives each attempt its span', async () => {
    const outcome = await use(recipe)
    const { spans, received, open } = outcome

    expect(received.map(({ method, signed }) => [method, signed])).toEqual([
      ['GET', true],
      ['GET', true],
      ['PUT', true],
      ['PUT', true],
    ])
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ['GET', 503],
      ['GET', 200],
      ['PUT', 503],
      ['PUT', 200],
    ])
    expect(idsOnTheWire(outcome)).toEqual(spans.map(({ spanId }) => spanId))
    for (const { signedHeaders } of received) expect(signedHeaders).not.toMatch(/trace|baggage/)
    expect(open).toBe(0)
  }, 180_000)
})

describe('The recipe for graphql-request', () => {
  it('sends the trace and the tenant along with the query', async () => {
    const outcome = await use('graphql-request')

    expect(outcome.spans).toMatchObject([{ name: 'POST', status: 200 }])
    expect(outcome.received).toMatchObject([{ url: '/graphql', baggage: ['tenant.id=acme'] }])
    expect(idsOnTheWire(outcome)).toEqual(outcome.spans.map(({ spanId }) => spanId))
    expect(outcome.open).toBe(0)
  }, 180_000)
})

describe.each(['node-fetch', 'node-fetch2'])('The recipe for %s', (recipe) => {
  it('has a span for each redirect, and keeps the tenant from a host outside', async () => {
    const outcome = await use(recipe)

    expect(outcome.spans.map(({ status, resent }) => [status, resent])).toEqual([
      [302, undefined],
      [200, 1],
    ])
    expect(outcome.received.map(({ baggage }) => baggage)).toEqual([
      ['tenant.id=acme,own=1'],
      undefined,
    ])
    expect(idsOnTheWire(outcome)).toEqual(outcome.spans.map(({ spanId }) => spanId))
    expect(outcome.open).toBe(0)
  }, 180_000)
})
