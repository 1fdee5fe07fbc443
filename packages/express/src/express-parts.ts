/** A path as it was declared; Express allows lists of lists. */
export type Path = string | RegExp | readonly Path[]

/** What a router holds in its stack: a route, a router or a middleware, and the path it is under. */
export interface Layer {
  readonly handle: unknown
  readonly name?: string
  readonly route?: Route | undefined
  /** Router 2.3 and later: the path as it was declared. */
  readonly rawPath?: Path
  /** Router 2: one for each path. */
  readonly matchers?: readonly ((path: string) => PathMatch | false)[]
  /** Router 2: a middleware under `/`, which takes every path. */
  readonly slash?: boolean
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean; readonly fast_star?: boolean }
  /** Express 4; router 2 before 2.3 has an empty list. */
  readonly keys?: readonly { readonly name: string | number }[]
}

/** How router 2 says that a path matched. */
export interface PathMatch {
  readonly path: string
  readonly params: Readonly<Record<string, string | readonly string[]>>
}

export interface Route {
  readonly path: Path
}

export interface Application {
  /** Where `app.use(path, this)` put it, last. */
  readonly parent?: Application
  readonly mountpath?: Path
}

/** The stack of an application; nothing when it has no routes yet. */
export function stackOf(app: Application): readonly Layer[] {
  const { _router: router } = app as { _router?: { stack?: readonly Layer[] } }
  if (router?.stack !== undefined) return router.stack
  try {
    // Express 4 throws here to tell its users of Express 3 about it.
    return (app as { router?: { stack?: readonly Layer[] } }).router?.stack ?? []
  } catch {
    return []
  }
}

/** The stack behind a layer, where it holds a router, or an application that a router was given. */
export function innerStackOf({ handle }: Layer): readonly Layer[] | undefined {
  if (typeof handle !== 'function') return undefined
  if ('stack' in handle && Array.isArray(handle.stack)) return handle.stack
  return 'handle' in handle && 'set' in handle ? stackOf(handle as Application) : undefined
}
