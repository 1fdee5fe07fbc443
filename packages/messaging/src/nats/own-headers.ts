import type { NatsHeaders } from './types.ts'

const LINE = 'NATS/1.0'

/**
 * Headers for a message that has none of its own. The library's class cannot be had from a connection;
 * this one can do what the library does with headers when it sends them.
 */
export function createHeaders(): NatsHeaders {
  const values = new Map<string, string[]>()
  const headers = {
    hasError: false,
    status: '',
    code: 0,
    description: '',
    get: (name: string) => values.get(name)?.[0] ?? '',
    last: (name: string) => values.get(name)?.at(-1) ?? '',
    has: (name: string) => values.has(name),
    values: (name: string) => [...(values.get(name) ?? [])],
    keys: () => [...values.keys()],
    size: () => values.size,
    set: (name: string, value: string) => void values.set(name, [value.trim()]),
    append: (name: string, value: string) =>
      void values.set(name, [...(values.get(name) ?? []), value.trim()]),
    delete: (name: string) => void values.delete(name),
    toRecord: () => Object.fromEntries(values),
    encode: () => new TextEncoder().encode(headers.toString()),
    toString: () => `${[LINE, ...linesOf(values)].join('\r\n')}\r\n\r\n`,
    [Symbol.iterator]: () => values.entries(),
  }
  return headers
}

function linesOf(values: ReadonlyMap<string, readonly string[]>): string[] {
  return [...values].flatMap(([name, list]) => list.map((value) => `${name}: ${value}`))
}
