import { EventEmitter } from 'node:events'
import { type Context, ROOT_CONTEXT } from '@opentelemetry/api'
import { EMITTER_BINDING, SCOPE_KEY } from '../otel/shared-keys.ts'
import { activeContext, enterContext } from './direct-context.ts'
import { isSameRequest, type Scope } from './scope.ts'
import type { TracedRequest } from './traced-requests.ts'

const { listenerCount } = EventEmitter.prototype
const LOOKING_IS_CHEAP = Number.parseInt(process.versions.node, 10) >= 22

/** Told of each event, and of the first thing that comes with it, before its listeners are. */
export interface EventWatcher {
  watch(event: string | symbol, first: unknown): void
}

interface Binding {
  context: Context
  watcher: EventWatcher | undefined
  /** Bound through OpenTelemetry's API: this very context, not any of the same request. */
  exact: boolean
  /** What is kept with the emitter, where it is a request that is traced. */
  traced: TracedRequest | undefined
}

type Emit = EventEmitter['emit'] & { [EMITTER_BINDING]?: Binding }

/**
 * Runs the listeners of one emitter in a context, in whatever context an event is emitted: a socket's
 * events come in the context of the connection, not of the request. Adds one property and no listener.
 * `traced` is what `tracedRequest` gives for it from then on.
 */
export function bindEmitter(
  emitter: EventEmitter,
  to: Context,
  watcher?: EventWatcher,
  exact = false,
  traced?: TracedRequest,
): void {
  const { emit }: { emit: Emit } = emitter
  const binding = emit[EMITTER_BINDING]
  if (binding === undefined) {
    emitter.emit = createBoundEmit(emit, { context: to, watcher, exact, traced })
  } else {
    // Bound already, perhaps by another copy of this package: the last one to bind wins.
    binding.context = to
    binding.exact = exact
    binding.watcher ??= watcher
    binding.traced ??= traced
  }
}

// The binding is kept on the function: each further property of a request costs, where a framework
// has given every request a hidden class of its own.
function createBoundEmit(original: EventEmitter['emit'], binding: Binding): Emit {
  function emit(this: EventEmitter, ...args: Parameters<EventEmitter['emit']>): boolean {
    const { watcher } = binding
    if (watcher !== undefined) watcher.watch(args[0], args[1])
    return !isHeard(this, args[0], binding) || isWithin(binding)
      ? original.apply(this, args)
      : enterContext(binding.context, Reflect.apply, original, this, args)
  }
  emit[EMITTER_BINDING] = binding
  return emit
}

// Of Node's own requests and responses it is known how they count, and each look at one costs where a
// framework has given it a hidden class of its own: before Node 22 more than entering a context does.
// Whatever else is bound may count its own way.
function isHeard(emitter: EventEmitter, event: string | symbol, { exact }: Binding): boolean {
  if (!exact && !LOOKING_IS_CHEAP) return true
  const count = exact ? emitter.listenerCount(event) : listenerCount.call(emitter, event)
  return count > 0
}

// An inner span of the same request stays active, and so do values that `runWithIdentity` has set.
function isWithin({ context: bound, exact }: Binding): boolean {
  if (exact) return activeContext() === bound
  const active = activeContext()
  if (active === bound) return true
  if (active === ROOT_CONTEXT) return false
  const scope = bound.getValue(SCOPE_KEY) as Scope | undefined
  return isSameRequest(scope, active.getValue(SCOPE_KEY) as Scope | undefined)
}
