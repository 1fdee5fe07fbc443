import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LocalPath, ParametersOf } from '../contract/local-api.ts'
import type { StreamParameters } from '../contract/stream.ts'
import { HttpError } from '../http/http-error.ts'
import type { QueryString } from '../http/parameters.ts'
import type { ViewerState } from '../ingest/viewer-state.ts'

/** One request, as the routes see it. */
export interface Exchange {
  readonly state: ViewerState
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly parameters: URLSearchParams
  /** The groups of the route's pattern. */
  readonly groups: readonly string[]
}

/** A request for a path of the contract, of which only the contract's parameters can be read. */
export type LocalExchange<Path extends LocalPath> = Omit<Exchange, 'parameters'> & {
  readonly parameters: QueryString<keyof ParametersOf<Path> & string>
}

/** A request for the stream, of which only its own parameters can be read. */
export type StreamExchange = Omit<Exchange, 'parameters'> & {
  readonly parameters: QueryString<keyof StreamParameters>
}

/** A method and a pattern of paths, and what answers them. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly pattern: RegExp
  readonly answer: (exchange: Exchange) => void | Promise<void>
}

/**
 * Finds the route of a request; undefined when none has its path.
 *
 * @throws HttpError 405 when the path is known, but not the method
 */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; groups: readonly string[] } | undefined {
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
