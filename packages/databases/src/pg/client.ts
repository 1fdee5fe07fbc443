import { AsyncResource } from 'node:async_hooks'
import type { QueryCall } from '@callchain/core'
import { bindCallbacks, type Method } from '../driver/callbacks.ts'
import { isDispatched } from '../driver/dispatch.ts'
import { callOutside, emitOutside } from '../driver/root-context.ts'
import { endWith, isThenable } from '../driver/settle.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { SqlTracer } from '../sql/tracer.ts'
import { readStatement, replaceCallback, replaceText } from './arguments.ts'
import { serverOfClient } from './server.ts'
import { followSubmittable, isSubmittable, statementOf } from './submittable.ts'
import type { PgClient } from './types.ts'

/** What a client emits unasked. */
const UNASKED = ['drain', 'end', 'error', 'notice', 'notification']

/** Traces the statements of one connection. `isOutside` says that no request has opened it. */
export function traceClient(client: PgClient, tracer: SqlTracer, isOutside = false): void {
  if (isTraced(client)) return
  markTraced(client)
  const query = client.query
  overrideMethod(client, 'query', (...args: unknown[]): unknown =>
    isDispatched(client) ? query.apply(client, args) : send(client, query, tracer, args),
  )
  callOutside(client, 'connect')
  if (!isOutside && (client._connecting || client._connected)) emitOutside(client, UNASKED)
}

function send(
  client: PgClient,
  query: Method,
  tracer: SqlTracer,
  args: readonly unknown[],
): unknown {
  const [config] = args
  const statement = isSubmittable(config) ? statementOf(config) : readStatement(args)
  if (statement === undefined || !tracer.isActive()) return query.apply(client, [...args])
  const call = tracer.send(statement.text, statement.values, serverOfClient(client))
  if (!isSubmittable(config)) return runStatement(call, tracer, args, query.bind(client))
  followSubmittable(config, call, tracer)
  // It has a state of its own, so pg gets the very object.
  return orEnd(call, tracer, () => query.apply(client, bindCallbacks(args)))
}

/** Runs `query()` in its callback or its promise form, and ends the span before the application goes on. */
export function runStatement(
  call: QueryCall,
  tracer: SqlTracer,
  args: readonly unknown[],
  query: Method,
): unknown {
  const commented = commentOn(args, call, tracer)
  const followed = replaceCallback(commented, (callback) =>
    AsyncResource.bind((...results: unknown[]): unknown => {
      tracer.end(call, results[0])
      return callback(...results)
    }),
  )
  return orEnd(call, tracer, () => {
    const result = query(...(followed ?? commented))
    // A pool gives back a promise whatever callback a config has.
    if (followed !== undefined && !isThenable(result)) return result
    return endWith(result, (error) => tracer.end(call, error))
  })
}

function commentOn(
  args: readonly unknown[],
  call: QueryCall,
  tracer: SqlTracer,
): readonly unknown[] {
  const text = tracer.comment(readStatement(args)?.text ?? '', call)
  return (text === undefined ? undefined : replaceText(args, text)) ?? args
}

function orEnd(call: QueryCall, tracer: SqlTracer, run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    tracer.end(call, error)
    throw error
  }
}
