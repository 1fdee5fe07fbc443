import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { CheckedSpan } from './checked-span.ts'

/** A kind of span of the conventions. */
interface Rule {
  /** Whether a span is of it. */
  of(span: CheckedSpan): boolean
  /** Attributes that the conventions call required. */
  readonly required: readonly string[]
  /** What else is wrong with it, in a sentence each. */
  faults(span: CheckedSpan): string[]
}

const METHODS = /^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|QUERY|_OTHER)$/

const rules: readonly Rule[] = [
  {
    of: isHttp(SpanKind.SERVER),
    required: ['http.request.method', 'url.path', 'url.scheme'],
    faults: (span) => [...faultsOfHttp(span, 500), ...faultsOfServerName(span)],
  },
  {
    of: isHttp(SpanKind.CLIENT),
    required: ['http.request.method', 'server.address', 'server.port', 'url.full'],
    faults: (span) => [...faultsOfHttp(span, 400), ...faultsOfSilence(span)],
  },
  {
    of: ({ attributes }) => startsWith(attributes, 'db.'),
    required: ['db.system.name'],
    faults: ({ kind, attributes }) => [
      // INTERNAL is what happens in the process, as the wait for a connection of a pool.
      ...wrong(![SpanKind.CLIENT, SpanKind.INTERNAL].includes(kind), `it is a ${SpanKind[kind]}`),
      ...wrong(
        attributes['db.operation.batch.size'] === 1,
        'db.operation.batch.size SHOULD never be 1',
      ),
    ],
  },
  {
    of: ({ attributes }) => startsWith(attributes, 'messaging.'),
    required: ['messaging.system', 'messaging.operation.name'],
    faults: faultsOfMessage,
  },
  {
    of: ({ kind, attributes }) => kind === SpanKind.CLIENT && startsWith(attributes, 'rpc.'),
    required: ['rpc.system.name', 'server.address'],
    faults: () => [],
  },
  {
    of: ({ kind, attributes }) => kind === SpanKind.SERVER && startsWith(attributes, 'rpc.'),
    required: ['rpc.system.name'],
    faults: () => [],
  },
  {
    of: ({ attributes }) => startsWith(attributes, 'graphql.operation.'),
    required: [],
    faults: ({ attributes }) =>
      oneOf(attributes, 'graphql.operation.type', ['query', 'mutation', 'subscription']),
  },
]

/** What the conventions of its kind find wrong with a span. */
export function faultsOfKind(span: CheckedSpan): string[] {
  const { attributes } = span
  const faults = rules
    .filter((rule) => rule.of(span))
    .flatMap((rule) => [
      ...rule.required
        .filter((name) => attributes[name] === undefined)
        .map((name) => `${name} is required`),
      ...rule.faults(span),
    ])
  // Whose port it is, nobody knows without the address.
  const addresses = ['server', 'client', 'network.peer', 'network.local']
  const alone = addresses.filter(
    (of) => attributes[`${of}.port`] !== undefined && attributes[`${of}.address`] === undefined,
  )
  return [...faults, ...alone.map((of) => `${of}.port comes without ${of}.address`)]
}

function isHttp(kind: SpanKind): (span: CheckedSpan) => boolean {
  return (span) => span.kind === kind && span.attributes['http.request.method'] !== undefined
}

/** `failsFrom`: the lowest status that makes it an error. */
function faultsOfHttp({ attributes, status }: CheckedSpan, failsFrom: number): string[] {
  const method = String(attributes['http.request.method'])
  const code = attributes['http.response.status_code']
  const original = attributes['http.request.method_original']
  const hasFailed = status.code === SpanStatusCode.ERROR
  const version = attributes['network.protocol.version']
  return [
    ...wrong(!METHODS.test(method), `http.request.method is ${method}`),
    ...wrong(method === '_OTHER' && original === undefined, '_OTHER comes without its original'),
    ...wrong(original === method, 'http.request.method_original is the same'),
    ...wrong(typeof code === 'number' && code >= failsFrom && !hasFailed, `${code} is an error`),
    ...wrong(version !== undefined && !/^[\d.]+$/.test(String(version)), `HTTP ${version}`),
  ]
}

/** A call that got no answer has failed, unless the application gave it up itself. */
function faultsOfSilence({ attributes, status }: CheckedSpan): string[] {
  const isSilent = attributes['http.response.status_code'] === undefined
  const isCalledOff = attributes['callchain.called_off'] === true
  const hasFailed = status.code === SpanStatusCode.ERROR
  return wrong(isSilent && !hasFailed && !isCalledOff, 'without an answer, it has failed')
}

/** "HTTP span names SHOULD be {method} {target} if there is a (low-cardinality) target available." */
function faultsOfServerName({ name, attributes }: CheckedSpan): string[] {
  const route = attributes['http.route']
  const method = String(attributes['http.request.method']).replace('_OTHER', 'HTTP')
  const wanted = route === undefined ? method : `${method} ${route}`
  return wrong(name !== wanted, `it should be called "${wanted}"`)
}

const OPERATIONS = ['create', 'send', 'receive', 'process', 'settle']

function faultsOfMessage({ kind, attributes }: CheckedSpan): string[] {
  const type = attributes['messaging.operation.type']
  const count = attributes['messaging.batch.message_count']
  const isSent = type === 'create' || type === 'send'
  return [
    ...oneOf(attributes, 'messaging.operation.type', OPERATIONS),
    ...wrong(kind === SpanKind.PRODUCER && !isSent, `a PRODUCER's operation is ${type}`),
    ...wrong(kind === SpanKind.CONSUMER && type !== 'process', `a CONSUMER's operation is ${type}`),
    ...wrong(
      count !== undefined && attributes['messaging.message.id'] !== undefined,
      'a batch has the id of one message',
    ),
  ]
}

function startsWith(attributes: CheckedSpan['attributes'], prefix: string): boolean {
  return Object.keys(attributes).some((name) => name.startsWith(prefix))
}

function oneOf(
  attributes: CheckedSpan['attributes'],
  name: string,
  values: readonly string[],
): string[] {
  const value = attributes[name]
  return wrong(value !== undefined && !values.includes(String(value)), `${name} is ${value}`)
}

function wrong(isWrong: boolean, fault: string): string[] {
  return isWrong ? [fault] : []
}
