import type { ChainSpan } from './chain-span.ts'

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi
const HEX = /\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b/gi
const PORT = /(?<=[\w\]]):\d{2,5}\b/g
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|\[::1\])$/

// Also by the names that instrumentations used before the conventions were stable.
const OTHER_SYSTEMS = ['db.system.name', 'db.system', 'messaging.system']

/** The host that a call goes to, without its port; every address of this machine is `localhost`. */
export function hostOf(span: ChainSpan): string {
  const host = String(span.attributes['server.address'] ?? '')
  return LOOPBACK.test(host) ? 'localhost' : host
}

/** True for a call to another service over HTTP or RPC. */
export function isCall(span: ChainSpan): boolean {
  const { kind, statement, attributes } = span
  return kind === 'client' && statement === '' && !OTHER_SYSTEMS.some((key) => key in attributes)
}

/**
 * One line that says what the span did, the same in every run: its name, the host it called, the
 * answer's status and its error. What changes from run to run, such as ids, times and ports, is left out.
 */
export function lineOf(span: ChainSpan): string {
  const host = isCall(span) ? hostOf(span) : ''
  const name = steady(span.name)
  const called = host === '' || name.includes(host) ? name : `${name} ${host}`
  return `${called}${outcomeOf(span)}`
}

/** The line of a call and of what served it. */
export function joinedLineOf(call: ChainSpan, served: ChainSpan): string {
  const line = lineOf({ ...call, attributes: withoutOutcome(call), status: 'unset' })
  return `${line} → ${lineOf(served)}`
}

function withoutOutcome({ attributes }: ChainSpan): Record<string, unknown> {
  const { 'http.response.status_code': _status, ...others } = attributes
  return others
}

function outcomeOf({ attributes, status }: ChainSpan): string {
  const code = attributes['http.response.status_code'] ?? attributes['rpc.response.status_code']
  const type = attributes['error.type'] ?? attributes['exception.type']
  const parts = code === undefined ? [] : [String(code)]
  if (status === 'error' && (type === undefined || String(type) !== String(code)))
    parts.push(type === undefined ? 'failed' : `failed: ${steady(String(type))}`)
  return parts.map((part) => `  ${part}`).join('')
}

function steady(text: string): string {
  return text.replace(UUID, '{id}').replace(HEX, '{id}').replace(PORT, '').replace(/\s+/g, ' ')
}
