import { AsyncLocalStorage } from 'node:async_hooks'
import type { DatabaseCall } from '@callchain/core'
import { onAnswered } from './answer.ts'
import type { RedisCommand } from './command-text.ts'
import type { RedisTracer, Unsent } from './redis-tracer.ts'

/** A command that a Sentinel or a Cluster may send several times, to several nodes. */
interface Operation extends Unsent {
  call: DatabaseCall | undefined
  isBatch: boolean
}

const operations = new AsyncLocalStorage<Operation>()

/**
 * Runs what sends a command, with one span however often it is sent: from the moment it has a node,
 * or for the whole attempt when it never gets one.
 */
export function runOperation(
  tracer: RedisTracer,
  command: RedisCommand | undefined,
  run: (within: <T>(send: () => T) => T) => unknown,
): unknown {
  // Inside another operation, it is a part of that one.
  if (!tracer.isActive() || operations.getStore() !== undefined) return run((send) => send())
  const operation: Operation = {
    startedAt: performance.now(),
    command,
    call: undefined,
    isBatch: false,
  }
  const answer = run((send) => operations.run(operation, send))
  const isBatch = (): boolean => operation.isBatch
  return onAnswered(answer, isBatch, (error) => {
    if (operation.call !== undefined) tracer.end(operation.call, error)
    else if (error !== undefined) tracer.fail(error, operation)
  })
}

/** The operation that is being sent, if any. */
export function currentOperation(): Operation | undefined {
  return operations.getStore()
}

/** Sends a part of an operation; the first one opens its span. */
export function sendWithin(
  operation: Operation,
  isBatch: boolean,
  open: (command: RedisCommand | undefined) => DatabaseCall,
): void {
  if (operation.call !== undefined) return
  operation.isBatch = isBatch
  operation.call = open(operation.command)
  operation.call.waited(performance.now() - operation.startedAt)
}
