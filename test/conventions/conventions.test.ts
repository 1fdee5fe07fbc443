import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import * as keys from '../../packages/core/src/http/attributes.ts'
import type { CheckedSpan } from './checked-span.ts'
import { CONVENTIONS_VERSION, faultsOf } from './conventions.ts'

const read = (file: string): string => readFileSync(join(__dirname, '../..', file), 'utf8')

const server: CheckedSpan = {
  name: 'GET /orders/:id',
  kind: SpanKind.SERVER,
  attributes: {
    'http.request.method': 'GET',
    'http.route': '/orders/:id',
    'http.response.status_code': 200,
    'http.request.header.x-shop': ['a'],
    'url.path': '/orders/7',
    'url.scheme': 'http',
    'tenant.id': 'acme',
  },
  status: { code: SpanStatusCode.UNSET },
}
const client: CheckedSpan = {
  name: 'GET',
  kind: SpanKind.CLIENT,
  attributes: {
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'server.address': 'stock.example',
    'server.port': 80,
    'url.full': 'http://stock.example/',
  },
  status: { code: SpanStatusCode.UNSET },
}
const statement: CheckedSpan = {
  name: 'SELECT stock',
  kind: SpanKind.CLIENT,
  attributes: { 'db.system.name': 'postgresql', 'db.query.summary': 'SELECT stock' },
  status: { code: SpanStatusCode.UNSET },
}
const message: CheckedSpan = {
  name: 'send orders',
  kind: SpanKind.PRODUCER,
  attributes: {
    'messaging.system': 'kafka',
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
  },
  status: { code: SpanStatusCode.UNSET },
}
const call: CheckedSpan = {
  name: 'shop.v1.Stock/Reserve',
  kind: SpanKind.CLIENT,
  attributes: { 'rpc.system.name': 'grpc', 'rpc.method': 'a/b', 'server.address': 'stock.example' },
  status: { code: SpanStatusCode.UNSET },
}

/** The span with other attributes; undefined takes one away. */
function change(span: CheckedSpan, attributes: Record<string, unknown>): CheckedSpan {
  const pairs = Object.entries({ ...span.attributes, ...attributes })
  const kept = Object.fromEntries(pairs.filter(([, value]) => value !== undefined))
  return { ...span, attributes: kept }
}
const fail = (span: CheckedSpan): CheckedSpan => ({
  ...span,
  status: { code: SpanStatusCode.ERROR },
})

describe('the semantic conventions', () => {
  it.each([
    ['a request', server],
    ['a request that failed', fail(change(server, { 'error.type': '500' }))],
    ['a call', client],
    ['a call that was refused', fail(change(client, { 'error.type': 'ECONNREFUSED' }))],
    ['a statement', statement],
    ['a message', message],
    ['a remote procedure call', call],
  ])('have nothing against %s', (_, span) => {
    expect(faultsOf(span)).toEqual([])
  })

  it.each<[string, CheckedSpan, string]>([
    ['an old name', change(server, { 'http.status_code': 200 }), 'http.status_code is deprecated'],
    ['a name of nobody', change(server, { 'http.color': 'red' }), 'http.color is in no convention'],
    ['a wrong type', change(client, { 'server.port': '80' }), 'server.port is "80", and not of'],
    [
      'a wrong type by its prefix',
      change(server, { 'http.request.header.x-shop': 'a' }),
      'not of type string[]',
    ],
    ['what is missing', change(server, { 'url.scheme': undefined }), 'url.scheme is required'],
    ['a call to nobody', change(client, { 'server.address': undefined }), 'is required'],
    ['a port of nobody', change(server, { 'client.port': 7 }), 'without client.address'],
    ['a failure without its type', fail(server), 'there is no error.type'],
    ['a type without a failure', change(server, { 'error.type': 'E' }), 'it has not failed'],
    ['an error that is none', change(client, { 'http.response.status_code': 404 }), '404 is an'],
    ['silence', change(client, { 'http.response.status_code': undefined }), 'without an answer'],
    [
      'a method in small letters',
      change(client, { 'http.request.method': 'get' }),
      'method is get',
    ],
    ['another name', { ...server, name: 'GET /orders/7' }, 'it should be called "GET /orders/:id"'],
    ['a statement that is served', { ...statement, kind: SpanKind.SERVER }, 'it is a SERVER'],
    ['a statement of no database', change(statement, { 'db.system.name': undefined }), 'required'],
    ['a batch of one', change(statement, { 'db.operation.batch.size': 1 }), 'never be 1'],
    [
      'an operation that there is not',
      change(message, { 'messaging.operation.type': 'publish' }),
      'messaging.operation.type is publish',
    ],
    ['a consumer that sends', { ...message, kind: SpanKind.CONSUMER }, "a CONSUMER's operation"],
    ['a call of no system', change(call, { 'rpc.system.name': undefined }), 'is required'],
  ])('find %s', (_, span, fault) => {
    expect(faultsOf(span).join('\n')).toContain(fault)
  })

  it('are of the version that the documents and the code name', () => {
    const named = CONVENTIONS_VERSION.replace(/\.0$/, '')
    expect(read('docs/spans.md')).toContain(`version ${named},`)
    expect(read('packages/core/src/http/attributes.ts')).toContain(`conventions ${named} name it`)
  })

  it('have every attribute key of ours that is not said to be our own', () => {
    const source = read('packages/core/src/http/attributes.ts')
    const own = [...source.matchAll(/\/\*\* Our own.*\nexport const (\w+)/g)].map(
      ([, name]) => name,
    )
    // One comment speaks of two.
    own.push('LOG_MESSAGE')
    const attributes = Object.entries(keys)
      .filter(([name]) => !own.includes(name))
      .map(([, key]) => key)
    expect(attributes.length).toBeGreaterThan(40)
    const span = { name: '', kind: SpanKind.INTERNAL, status: { code: SpanStatusCode.UNSET } }
    for (const key of attributes) {
      const name = key.endsWith('.') ? `${key}name` : key
      const faults = faultsOf({ ...span, attributes: { [name]: {} } })
      expect(faults.join('\n')).toContain(`${name} is `)
      expect(faults.join('\n')).not.toMatch(/deprecated|in no convention/)
    }
  })
})
