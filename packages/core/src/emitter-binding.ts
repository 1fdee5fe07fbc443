import type { EventEmitter } from 'node:events'
import { type Context, context } from '@opentelemetry/api'
import { SCOPE_KEY } from './context-keys.ts'

type Emit = EventEmitter['emit']

const BINDING = Symbol.for('callchain.binding')

/** Told of each event before its listeners are. */
export interface EventWatcher {
  watch(event: string | symbol): void
}

interface Binding {
  readonly context: Context
  readonly emit: Emit
  readonly watcher: EventWatcher | undefined
}

interface Bound extends EventEmitter {
  [BINDING]?: Binding
}

/**
 * Runs the listeners of one emitter in a context, whoever emits: a socket's events come in the
 * context of the connection, not of the request. One own property and no listener of ours.
 */
export function bindEmitter(emitter: EventEmitter, to: Context, watcher?: EventWatcher): void {
  const bound: Bound = emitter
  const before = bound[BINDING]
  if (before === undefined) {
    bound[BINDING] = { context: to, emit: emitter.emit, watcher }
    emitter.emit = emitBound
  } else {
    // Bound already, perhaps by another copy of this package: the last one to bind wins.
    bound[BINDING] = { context: to, emit: before.emit, watcher: watcher ?? before.watcher }
  }
}

function emitBound(this: Bound, event: string | symbol, ...args: unknown[]): boolean {
  const binding = this[BINDING] as Binding
  const { watcher } = binding
  if (watcher !== undefined) watcher.watch(event)
  if (this.listenerCount(event) === 0 || isWithin(binding.context)) {
    return binding.emit.call(this, event, ...args)
  }
  return context.with(binding.context, emitNow, this, binding.emit, event, args)
}

// An inner span of the same request stays active.
function isWithin(bound: Context): boolean {
  const scope = bound.getValue(SCOPE_KEY)
  return scope !== undefined && context.active().getValue(SCOPE_KEY) === scope
}

function emitNow(this: EventEmitter, emit: Emit, event: string | symbol, args: unknown[]): boolean {
  return emit.call(this, event, ...args)
}
