import { KOA_ROUTE } from '@callchain/core/internal'
import type { Context } from 'koa'
import { type Mount, mountedAt, prefixAt } from './mounts.ts'

type Path = string | RegExp

interface Layer {
  readonly methods?: readonly string[]
  readonly path?: unknown
}

/** What routers and koa-mount leave on a context. */
interface Routed extends Partial<Pick<Context, 'path' | 'method'>> {
  [KOA_ROUTE]?: Matched
  readonly routerPath?: unknown
  readonly matched?: readonly Layer[]
  mountPath?: unknown
  _matchedRoute?: unknown
}

interface Matched {
  mounts: Mount[]
  mountPath: unknown
  route: unknown
  /** Whether the route is the one whose handlers were entered, not one that might. */
  isEntered: boolean
  prefix: string
}

const watched = new WeakSet<object>()

/**
 * Sees to it that the contexts of an application keep where a route was mounted: koa-mount takes its
 * prefix off the path, and puts it back before the answer is out.
 */
export function watchRoutes(ctx: Context): void {
  // A test may call the middleware with a context that it made itself.
  const context: object | undefined = ctx.app?.context
  if (context === undefined || watched.has(context)) return
  watched.add(context)
  // Another copy of this package may have been here.
  if ('_matchedRoute' in context || !Object.isExtensible(context)) return
  Object.defineProperties(context, { mountPath, _matchedRoute })
  keepMount(ctx as Routed)
}

/** The template of the route that answered, with the prefix of its mount; `undefined` where none is known. */
export function matchedRoute(ctx: Context): string | undefined {
  const { [KOA_ROUTE]: matched, _matchedRoute: route } = ctx as Routed
  const found = matched?.isEntered === false ? onlyRoute(ctx as Routed) : route
  if (!isPath(found)) return undefined
  const prefix = matched?.prefix ?? ''
  return prefix !== '' && found === '/' ? prefix : prefix + String(found)
}

// Routers before @koa/router 9.4 name the last route that might answer, before any is entered: where
// there are several, it cannot be known.
function onlyRoute({ matched = [], method = '' }: Routed): unknown {
  const routes = matched.filter(({ methods }) => methods?.includes(method))
  const [first, ...others] = new Set(routes.map(({ path }) => path))
  return others.length === 0 ? first : undefined
}

function isPath(value: unknown): value is Path {
  return typeof value === 'string' || value instanceof RegExp
}

const _matchedRoute: PropertyDescriptor & ThisType<Routed> = {
  configurable: true,
  get() {
    return this[KOA_ROUTE]?.route
  },
  set(route: unknown) {
    const matched = matchedOf(this)
    matched.route = route
    matched.isEntered = this.routerPath === route
    matched.prefix = prefixAt(matched.mounts, this.path ?? '')
  },
}

const mountPath: PropertyDescriptor & ThisType<Routed> = {
  configurable: true,
  get() {
    return this[KOA_ROUTE]?.mountPath
  },
  set(prefix: unknown) {
    const matched = matchedOf(this)
    matched.mountPath = prefix
    if (typeof prefix !== 'string') return
    matched.mounts.push(mountedAt(matched.mounts, prefix, this.path ?? ''))
  },
}

function matchedOf(ctx: Routed): Matched {
  ctx[KOA_ROUTE] ??= {
    mounts: [],
    mountPath: undefined,
    route: undefined,
    isEntered: true,
    prefix: '',
  }
  return ctx[KOA_ROUTE]
}

// The very first request may have been mounted before it came here.
function keepMount(ctx: Routed): void {
  const own = Object.getOwnPropertyDescriptor(ctx, 'mountPath')?.value
  if (typeof own !== 'string') return
  delete ctx.mountPath
  const matched = matchedOf(ctx)
  matched.mountPath = own
  matched.mounts.push({ prefix: own, from: own + (ctx.path ?? ''), cut: own })
}
