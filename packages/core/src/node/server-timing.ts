import type { NodeResponse } from '../http/framework-request.ts'
import { guard } from '../otel/guard.ts'

const NAME = 'server-timing'

type WriteHead = (this: NodeResponse, ...args: unknown[]) => unknown

/**
 * Adds an entry to the `server-timing` header of a response when its head is written: what the
 * application has measured may be set until then, and stays.
 */
export function addTiming(res: NodeResponse, entry: string): void {
  const owner = res as unknown as { writeHead: WriteHead }
  const original = owner.writeHead
  let isAdded = false
  owner.writeHead = function writeHead(...args) {
    if (isAdded || this.headersSent) return original.apply(this, args)
    isAdded = true
    const given = guard(NAME, () => withEntry(this, args, entry)) ?? args
    return original.apply(this, given)
  }
}

/** The arguments of `writeHead` with the entry, or the same ones once it is among the headers that were set. */
function withEntry(res: NodeResponse, args: unknown[], entry: string): unknown[] {
  const last = args.at(-1)
  const given = typeof last === 'object' && last !== null ? last : undefined
  if (given !== undefined && namesTiming(given))
    return [...args.slice(0, -1), extended(given, entry)]
  const set = res.getHeader(NAME)
  const timings = set === undefined ? [] : [set].flat().map(String)
  res.setHeader(NAME, [...timings, entry].join(', '))
  return args
}

function namesTiming(headers: object): boolean {
  const names = Array.isArray(headers) ? headers.flat() : Object.keys(headers)
  return names.some((name) => isTiming(name))
}

/** The same headers, in the form in which they were given: an object, a list of names and values, or of pairs. */
function extended(headers: object, entry: string): object {
  const extend = (name: unknown, value: unknown): unknown =>
    isTiming(name) ? [...[value].flat(), entry].join(', ') : value
  if (!Array.isArray(headers)) {
    const entries = Object.entries(headers)
    return Object.fromEntries(entries.map(([name, value]) => [name, extend(name, value)]))
  }
  if (Array.isArray(headers[0])) return headers.map(([name, value]) => [name, extend(name, value)])
  return headers.map((item, at) => (at % 2 === 1 ? extend(headers[at - 1], item) : item))
}

function isTiming(name: unknown): boolean {
  return typeof name === 'string' && name.toLowerCase() === NAME
}
