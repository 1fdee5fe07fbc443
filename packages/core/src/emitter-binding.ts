import type { EventEmitter } from 'node:events'
import { type Context, context } from '@opentelemetry/api'
import { SCOPE_KEY } from './context-keys.ts'

type Emit = EventEmitter['emit']

const BINDING = Symbol.for('callchain.binding')

/** Told of each event before its listeners are. */
export type EventWatcher = (event: string | symbol) => void

interface Binding {
  readonly context: Context
  readonly emit: Emit
  readonly watch: EventWatcher | undefined
}

interface Bound extends EventEmitter {
  [BINDING]?: Binding
}

/**
 * Runs the listeners of one emitter in a context, whoever emits: a socket's events come in the
 * context of the connection, not of the request. One own property and no listener of ours.
 */
export function bindEmitter(emitter: EventEmitter, to: Context, watch?: EventWatcher): void {
  const bound: Bound = emitter
  const before = bound[BINDING]
  if (before === undefined) {
    bound[BINDING] = { context: to, emit: emitter.emit, watch }
    emitter.emit = emitBound
  } else {
    // Bound already, perhaps by another copy of this package: the last one to bind wins.
    bound[BINDING] = { context: to, emit: before.emit, watch: watch ?? before.watch }
  }
}

function emitBound(this: Bound, event: string | symbol, ...args: unknown[]): boolean {
  const binding = this[BINDING] as Binding
  binding.watch?.(event)
  const active = context.active()
  const scope = binding.context.getValue(SCOPE_KEY)
  if (scope !== undefined && active.getValue(SCOPE_KEY) === scope) {
    return binding.emit.call(this, event, ...args)
  }
  return context.with(binding.context, emitNow, this, binding.emit, event, args)
}

function emitNow(this: EventEmitter, emit: Emit, event: string | symbol, args: unknown[]): boolean {
  return emit.call(this, event, ...args)
}
