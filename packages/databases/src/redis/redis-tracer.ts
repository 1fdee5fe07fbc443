import { createQueryTracer, type Query, type QueryCall } from '@callchain/core'
import { type CommandOptions, checkCommandOptions } from '../driver/options.ts'
import { statusCodeOf } from '../driver/status-code.ts'
import type { DatabaseServer } from '../sql/tracer.ts'
import { operationOf, type RedisCommand, textOf } from './command-text.ts'

/** Options of the wrappers of Redis clients: commands have no parameters to capture. */
export type RedisOptions = CommandOptions

/** What was to be sent, and found no server. */
export interface Unsent {
  /** Its command, where that is known. */
  readonly command?: RedisCommand | undefined
  /** Where it would have gone to, where that is known. */
  readonly server?: DatabaseServer | undefined
  /** When it was asked for, as `performance.now()` had it. */
  readonly startedAt: number
}

/** The tracer of one Redis client. */
export interface RedisTracer {
  isActive(): boolean
  /** Opens the span of a command. */
  send(command: RedisCommand, server: DatabaseServer): QueryCall
  /** Opens the span of commands that are sent as one. */
  sendBatch(
    kind: 'MULTI' | 'PIPELINE',
    commands: readonly RedisCommand[],
    server: DatabaseServer,
  ): QueryCall
  /** Ends a span; with an error, as failed. */
  end(call: QueryCall, error?: unknown): void
  /** Makes the span of a command that could not be sent. */
  fail(error: unknown, unsent: Unsent): void
}

const MAX_SHOWN = 10

/** Makes the tracer of a Redis client. Throws a TypeError for options that are not allowed. */
export function createRedisTracer(options: RedisOptions): RedisTracer {
  checkCommandOptions(options)
  const tracer = createQueryTracer(options)
  const end: RedisTracer['end'] = (call, error) => {
    if (error === undefined || error === null) return call.receive({})
    call.receive({
      error,
      statusCode: statusCodeOf('redis', error),
      shownError: options.errorMessages && error instanceof Error ? error : undefined,
    })
  }
  return {
    isActive: tracer.isActive,
    send: (command, server) => tracer.send({ ...server, ...describe(command) }),
    sendBatch: (kind, commands, server) => {
      const [name, ...others] = new Set(commands.map(operationOf))
      const shown = commands.slice(0, MAX_SHOWN).map(textOf).join('; ')
      return tracer.send({
        ...server,
        system: 'redis',
        operation: name !== undefined && others.length === 0 ? `${kind} ${name}` : kind,
        text: commands.length > MAX_SHOWN ? `${shown}; …` : shown,
        batchSize: commands.length,
      })
    },
    end,
    fail: (error, { command, server, startedAt }) => {
      const described = command === undefined ? { system: 'redis' } : describe(command)
      const call = tracer.send({ ...server, ...described, startedAt })
      call.waited(performance.now() - startedAt)
      end(call, error)
    },
  }
}

function describe(command: RedisCommand): Query {
  return { system: 'redis', operation: operationOf(command), text: textOf(command) }
}
