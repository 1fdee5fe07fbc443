import { AsyncResource } from 'node:async_hooks'
import type { DatabaseCall } from '@callchain/core'
import type { Method } from '../driver/callbacks.ts'
import { runTraced } from '../driver/run-traced.ts'
import { overrideMethod } from '../driver/traced.ts'
import type { BoundValues } from '../sql/parameters.ts'
import type { SqlTracer } from '../sql/tracer.ts'

/** The statement that `query()` or `execute()` was given, and the values bound to it. */
export interface MysqlStatement {
  readonly text: string
  readonly values: BoundValues | undefined
}

/** Reads the arguments of `query()` and `execute()`; `undefined` for what mysql2 itself will refuse. */
export function readStatement([first, second]: readonly unknown[]): MysqlStatement | undefined {
  const options = typeof first === 'string' ? { sql: first } : first
  if (typeof options !== 'object' || options === null) return undefined
  const { sql, values } = options as { sql?: unknown; values?: unknown }
  if (typeof sql !== 'string') return undefined
  return {
    text: sql,
    values: boundValues(typeof second === 'function' ? values : (second ?? values)),
  }
}

/** Values as the driver takes them: a list, an object by name, or a single value. */
export function boundValues(values: unknown): BoundValues | undefined {
  if (values === undefined || values === null) return undefined
  if (Array.isArray(values)) return values
  return typeof values === 'object' ? (values as Record<string, unknown>) : [values]
}

/**
 * Runs a statement, with a callback or as an emitter of rows, and ends its span before the application
 * learns that it has ended.
 */
export function runStatement(
  call: DatabaseCall,
  tracer: SqlTracer,
  args: readonly unknown[],
  run: Method,
): unknown {
  const start = (): unknown => {
    const [command] = args
    if (isCommand(command) && typeof command.onResult === 'function') {
      command.onResult = ending(call, tracer, command.onResult as Method)
      return run(...args)
    }
    const at = args.findIndex((arg) => typeof arg === 'function')
    if (at !== -1) return run(...args.with(at, ending(call, tracer, args[at] as Method)))
    return followEvents(run(...args), call, tracer)
  }
  return runTraced(start, (error) => tracer.end(call, error))
}

/**
 * The same arguments of `query()` with the trace as a comment on the statement. Those of `execute()`
 * get none: it prepares each text once.
 */
export function addComment(
  args: readonly unknown[],
  statement: MysqlStatement,
  call: DatabaseCall,
  tracer: SqlTracer,
): readonly unknown[] {
  const [first, ...rest] = args
  // It keeps its own state, so mysql2 gets the very same object.
  if (isCommand(first)) return args
  const sql = tracer.comment(statement.text, call)
  if (sql === undefined) return args
  return [typeof first === 'string' ? sql : { ...(first as object), sql }, ...rest]
}

/** Whether `query()` was given a Query of mysql2, which holds its callback. */
function isCommand(value: unknown): value is { emit: Method; onResult?: unknown } {
  return typeof (value as { emit?: unknown } | null | undefined)?.emit === 'function'
}

/** A callback that ends the span, and then runs in the context that is active now. */
export function ending(call: DatabaseCall, tracer: SqlTracer, callback: Method): Method {
  return AsyncResource.bind((...results: unknown[]): unknown => {
    tracer.end(call, results[0])
    return callback(...results)
  })
}

// With a listener here, an error that the application does not listen for would be swallowed.
function followEvents(command: unknown, call: DatabaseCall, tracer: SqlTracer): unknown {
  const { emit } = (command ?? {}) as { emit?: Method }
  if (typeof emit !== 'function') {
    tracer.end(call)
    return command
  }
  const inContext = AsyncResource.bind((...event: unknown[]) => emit.apply(command, event))
  overrideMethod(command as object, 'emit', (...event: unknown[]): unknown => {
    if (event[0] === 'error') tracer.end(call, event[1])
    else if (event[0] === 'end') tracer.end(call)
    return inContext(...event)
  })
  return command
}
