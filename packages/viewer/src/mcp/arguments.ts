import { HttpError } from '../http/errors.ts'
import type { JsonObject } from '../model/json-fields.ts'
import type { TimeRange } from '../query/time-range.ts'
import { MCP_TOOLS } from './tool-list.ts'

/** The arguments of a call, once it is known that the tool has no others. */
export interface ToolArguments {
  /** '' when it is absent. @throws HttpError 400 when it is not text */
  text(name: string): string
  /** @throws HttpError 400 when it is absent */
  required(name: string): string
  /** @throws HttpError 400 when it is not a whole number from 1 to 100 */
  limit(usual: number): number
  /** Of `last`. @throws HttpError 400 */
  range(): TimeRange
}

const MAX_LIMIT = 100
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/** @throws HttpError 400 when the tool has no such argument */
export function readArguments(tool: string, args: JsonObject): ToolArguments {
  const known = Object.keys(
    MCP_TOOLS.find(({ name }) => name === tool)?.inputSchema.properties ?? {},
  )
  const other = Object.keys(args).find((name) => !known.includes(name))
  if (other !== undefined)
    throw new HttpError(
      400,
      `${tool} has no argument "${other.slice(0, 50)}"; it has: ${known.join(', ')}.`,
    )
  const text = (name: string): string => {
    const value = args[name] ?? ''
    if (typeof value === 'string') return value.trim()
    throw new HttpError(400, `"${name}" must be text.`)
  }
  return {
    text,
    required(name) {
      const value = text(name)
      if (value === '') throw new HttpError(400, `${tool} needs "${name}".`)
      return value
    },
    limit: (usual) => limitOf(args.limit, usual),
    range: () => ({ from: fromOf(text('last')), to: undefined }),
  }
}

function limitOf(value: unknown, usual: number): number {
  if (value === undefined || value === null) return usual
  const limit = Number(value)
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new HttpError(400, `"limit" must be a whole number from 1 to ${MAX_LIMIT}.`)
}

function fromOf(last: string): number | undefined {
  if (last === '') return undefined
  const match = /^(\d{1,6})(s|m|h)$/.exec(last)
  const millis = Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 0)
  if (millis > 0) return Date.now() - millis
  throw new HttpError(400, `"last" must be a time like 30s, 5m or 2h, not "${last.slice(0, 50)}".`)
}
