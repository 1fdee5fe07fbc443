import type { NodeResponse } from '../http/framework-request.ts'

/**
 * A header of a response by its lower-case name, its values joined by `, `. Also one that the
 * application handed to `writeHead` alone: HTTP/1 keeps that nowhere but in the text that it sends.
 */
export function responseHeader(res: NodeResponse, name: string): string | undefined {
  const value = res.getHeader(name)
  if (value !== undefined) return Array.isArray(value) ? value.join(', ') : String(value)
  const { _header: sent } = res as { _header?: unknown }
  if (typeof sent !== 'string') return undefined
  const values = sent
    .split('\r\n')
    .slice(1)
    .filter((line) => line.slice(0, line.indexOf(':')).toLowerCase() === name)
    .map((line) => line.slice(name.length + 1).trim())
  return values.length === 0 ? undefined : values.join(', ')
}
