import { createDatabaseTracer, type DatabaseCall, type DatabaseStatement } from '@callchain/core'
import type { DatabaseServer } from '../driver/database-server.ts'
import { createEndCall, type EndCall } from '../driver/end-call.ts'
import { type CommandOptions, checkCommandOptions } from '../driver/options.ts'
import { operationOf, type RedisCommand, textOf } from './command-text.ts'

/** Options of the wrappers of Redis clients: commands have no parameters to capture. */
export type RedisOptions = CommandOptions

/** A command that did not reach a server. */
export interface Unsent {
  /** The command, where that is known. */
  readonly command?: RedisCommand | undefined
  /** The server it was meant for, where that is known. */
  readonly server?: DatabaseServer | undefined
  /** When it was called, on the clock of `performance.now()`. */
  readonly startedAt: number
}

/** The tracer of one Redis client. */
export interface RedisTracer {
  isActive(): boolean
  /** Opens the span of a command. */
  send(command: RedisCommand, server: DatabaseServer): DatabaseCall
  /** Opens the span of commands that are sent as one. */
  sendBatch(
    kind: 'MULTI' | 'PIPELINE',
    commands: readonly RedisCommand[],
    server: DatabaseServer,
  ): DatabaseCall
  readonly end: EndCall
  /** Makes the span of a command that could not be sent. */
  fail(error: unknown, unsent: Unsent): void
}

const MAX_SHOWN_COMMANDS = 10
const UNSEEN: DatabaseStatement = { system: 'redis' }

/** Makes the tracer of a Redis client. Throws a TypeError for options that are not allowed. */
export function createRedisTracer(options: RedisOptions): RedisTracer {
  checkCommandOptions(options)
  const tracer = createDatabaseTracer(options)
  const end = createEndCall('redis', options)
  return {
    isActive: tracer.isActive,
    send: (command, server) =>
      tracer.send(tracer.isObserved() ? { ...server, ...describe(command) } : UNSEEN),
    sendBatch: (kind, commands, server) => {
      if (!tracer.isObserved()) return tracer.send(UNSEEN)
      const [name, ...others] = new Set(commands.map(operationOf))
      const shown = commands.slice(0, MAX_SHOWN_COMMANDS).map(textOf).join('; ')
      return tracer.send({
        ...server,
        system: 'redis',
        operation: name !== undefined && others.length === 0 ? `${kind} ${name}` : kind,
        text: commands.length > MAX_SHOWN_COMMANDS ? `${shown}; …` : shown,
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

function describe(command: RedisCommand): DatabaseStatement {
  return { system: 'redis', operation: operationOf(command), text: textOf(command) }
}
