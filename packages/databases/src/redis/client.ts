import { AsyncLocalStorage } from 'node:async_hooks'
import type { DatabaseCall } from '@callchain/core'
import { REDIS_WAITED } from '@callchain/core/internal'
import { callInRootContext, emitInRootContext } from '../driver/root-context.ts'
import { runTraced } from '../driver/run-traced.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import { onAnswered } from './answer.ts'
import { commandOf, type RedisCommand } from './command-text.ts'
import { currentOperation, sendWithin } from './operation.ts'
import type { RedisTracer } from './redis-tracer.ts'
import { noteSelected, serverOf } from './server.ts'
import type { RedisClient } from './types.ts'

/** Records, while `send` runs, how long its command has waited for a client, in milliseconds. */
export function afterWaiting<T>(client: RedisClient, milliseconds: number, send: () => T): T {
  const waiting = client as { [REDIS_WAITED]?: number | undefined }
  waiting[REDIS_WAITED] = milliseconds
  try {
    return send()
  } finally {
    waiting[REDIS_WAITED] = undefined
  }
}

/** The events that a client emits by itself. */
const OWN_EVENTS = ['end', 'error', 'invalidate', 'ready', 'reconnecting']

/** Traces the commands of one client. */
export function traceClient(client: RedisClient, tracer: RedisTracer): void {
  if (isTraced(client)) return
  markTraced(client)
  if (client.isOpen) emitInRootContext(client, OWN_EVENTS)
  callInRootContext(client, 'connect')
  traceCommands(client, tracer)
  for (const [name, kind] of BATCHES) {
    const execute = client[name]
    overrideMethod(client, name, function (this: unknown, ...args: unknown[]): unknown {
      if (!Array.isArray(args[0]) || !tracer.isActive()) return execute.apply(this, args)
      const commands = args[0].map((each: { args: unknown[] }) => commandOf(each.args))
      const open = () => tracer.sendBatch(kind, commands, serverOf(client))
      return run(client, tracer, { open, isBatch: true }, () => {
        const answer = execute.apply(this, args)
        return args[1] === undefined ? answer : selecting(client, args[1], answer)
      })
    })
  }
}

const BATCHES = [
  ['_executeMulti', 'MULTI'],
  ['_executePipeline', 'PIPELINE'],
] as const

/** Whether the client sends a script by its hash, and then by its text if the server does not have it. */
const sendsScript = new AsyncLocalStorage<boolean>()

function traceCommands(client: RedisClient, tracer: RedisTracer): void {
  const { sendCommand, _executeScript, reset } = client
  // `this` may be a view of the client, such as withTypeMapping() makes.
  overrideMethod(client, 'sendCommand', function (this: unknown, ...args: unknown[]): unknown {
    if (!Array.isArray(args[0])) return sendCommand.apply(this, args)
    const command = commandOf(args[0])
    const name = command.name.toUpperCase()
    const send = (): unknown => {
      const answer = sendCommand.apply(this, args)
      return name === 'SELECT' ? selecting(client, command.args[0], answer) : answer
    }
    if (!tracer.isActive()) return send()
    const open = (whole: RedisCommand = command) => tracer.send(whole, serverOf(client))
    const recovers = name === 'EVALSHA' && sendsScript.getStore() === true
    return run(client, tracer, { open, isBatch: name === 'EXEC', recovers }, send)
  })
  overrideMethod(client, '_executeScript', function (this: unknown, ...args: unknown[]): unknown {
    return sendsScript.run(true, () => _executeScript.apply(this, args))
  })
  if (reset !== undefined) {
    overrideMethod(client, 'reset', function (this: unknown, ...args: unknown[]): unknown {
      return selecting(client, undefined, reset.apply(this, args))
    })
  }
}

async function selecting(
  client: RedisClient,
  database: unknown,
  answer: unknown,
): Promise<unknown> {
  const value = await answer
  noteSelected(client, database)
  return value
}

interface Sending {
  readonly open: (whole?: RedisCommand) => DatabaseCall
  readonly isBatch: boolean
  /** Whether the client goes on when the server does not have the script. */
  readonly recovers?: boolean
}

function run(
  client: RedisClient,
  tracer: RedisTracer,
  { open, isBatch, recovers = false }: Sending,
  send: () => unknown,
): unknown {
  const operation = currentOperation()
  if (operation !== undefined) {
    sendWithin(operation, isBatch, open)
    return send()
  }
  const call = open()
  const waiting = client as { [REDIS_WAITED]?: number | undefined }
  if (waiting[REDIS_WAITED] !== undefined) call.waited(waiting[REDIS_WAITED])
  waiting[REDIS_WAITED] = undefined
  const end = (error: unknown): void =>
    tracer.end(call, recovers && isNoScript(error) ? undefined : error)
  return runTraced(() => onAnswered(send(), () => isBatch, end), end)
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
