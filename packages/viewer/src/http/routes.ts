import type { IncomingMessage, ServerResponse } from 'node:http'
import { HttpError } from './errors.ts'

/** One request, as the routes of a server with this state see it. */
export interface ExchangeOf<State> {
  readonly state: State
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly parameters: URLSearchParams
  /** The groups of the route's pattern. */
  readonly groups: readonly string[]
}

/** A method and a pattern of paths, and what answers them. */
export interface RouteOf<State> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly pattern: RegExp
  readonly answer: (exchange: ExchangeOf<State>) => void | Promise<void>
}

/**
 * Finds the route of a request; undefined when none has its path.
 *
 * @throws HttpError 405 when the path is known, but not the method
 */
export function findRoute<State>(
  routes: readonly RouteOf<State>[],
  method: string,
  path: string,
): { route: RouteOf<State>; groups: readonly string[] } | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method
  const methods: string[] = []
  for (const route of routes) {
    const match = route.pattern.exec(path)
    if (match === null) continue
    if (route.method === wanted) return { route, groups: match.slice(1).map(decode) }
    methods.push(route.method)
  }
  if (methods.length === 0) return undefined
  throw new HttpError(405, `${method} is not allowed here.`, { allow: methods.join(', ') })
}

function decode(group: string): string {
  try {
    return decodeURIComponent(group)
  } catch {
    throw new HttpError(400, 'The path is malformed.')
  }
}
