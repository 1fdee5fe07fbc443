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
  readonly stack: readonly Layer[]
}

export interface Application {
  /** Where `app.use(path, this)` put it, last. */
  readonly parent?: Application
  readonly mountpath?: Path
}

/** What we look at of a router; an application has one, and so may a function that was mounted. */
export interface RouterParts {
  readonly stack: readonly Layer[]
  /** The functions of `router.param(name, …)`, by name. */
  readonly params?: Readonly<Record<string, unknown[]>>
}

/** The router of an application; nothing when it has no routes yet. */
export function routerOf(app: Application): RouterParts | undefined {
  const { _router: router } = app as { _router?: Partial<RouterParts> }
  if (router?.stack !== undefined) return router as RouterParts
  try {
    // Express 4 throws here to tell its users of Express 3 about it.
    const { router } = app as { router?: Partial<RouterParts> }
    return router?.stack === undefined ? undefined : (router as RouterParts)
  } catch {
    return undefined
  }
}

/** The stack of an application; nothing when it has no routes yet. */
export function stackOf(app: Application): readonly Layer[] {
  return routerOf(app)?.stack ?? []
}

/** The router that a layer holds, if any, or an application that a router was given. */
export function innerRouterOf({ handle }: Layer): RouterParts | undefined {
  if (typeof handle !== 'function') return undefined
  if ('stack' in handle && Array.isArray(handle.stack)) return handle as unknown as RouterParts
  return 'handle' in handle && 'set' in handle ? routerOf(handle as Application) : undefined
}

/** The stack of the router that a layer holds, if any, or an application that a router was given. */
export function innerStackOf(layer: Layer): readonly Layer[] | undefined {
  return innerRouterOf(layer)?.stack
}
