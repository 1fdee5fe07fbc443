import { Writable } from 'node:stream'
import {
  type ContractLogger,
  createRecorder,
  type LogDestination,
  logContract,
} from '@callchain/testing'
import { jest } from '@jest/globals'
import bunyan from 'bunyan'
import pino from 'pino'
import winston from 'winston'
import Transport from 'winston-transport'
import { traceBunyan } from '../src/bunyan.ts'
import { traceMixin, tracePino } from '../src/pino.ts'
import { traceMeta, traceWinston } from '../src/winston.ts'

jest.setTimeout(240_000)

const MESSAGE = Symbol.for('message')

function stream(destination: LogDestination): Writable {
  return new Writable({
    write: (line, _encoding, done) => destination.write(String(line), done),
  })
}

class Slow extends Transport {
  private readonly destination: LogDestination

  constructor(destination: LogDestination) {
    super()
    this.destination = destination
  }

  override log(info: Record<symbol, string>, done: () => void): void {
    this.destination.write(String(info[MESSAGE]), done)
  }
}

function winstonOptions(destination: LogDestination): winston.LoggerOptions {
  return {
    format: winston.format.combine(winston.format.errors({ stack: true }), winston.format.json()),
    transports: [new Slow(destination)],
  }
}

function ofWinston(logger: winston.Logger): ContractLogger {
  return {
    info: (fields, message) => logger.info(message, fields),
    error: (error) => logger.error(error),
    child: (fields) => ofWinston(logger.child(fields)),
  }
}

logContract({
  name: 'pino with traceMixin',
  createLogger: (destination) => pino({ mixin: traceMixin() }, stream(destination)),
})

logContract({
  name: 'pino with tracePino',
  createLogger: (destination) => tracePino(pino(stream(destination))),
})

logContract({
  name: 'pino with tracePino, with the spans of the recorder',
  createLogger: (destination) => tracePino(pino(stream(destination))),
  setUp: () => createRecorder({ provider: 'recorder' }),
})

logContract({
  name: 'winston with traceMeta',
  createLogger: (destination) =>
    ofWinston(winston.createLogger({ ...winstonOptions(destination), defaultMeta: traceMeta() })),
  gaps: {
    "lets a child logger's own field win, and writes it once":
      "winston lets defaultMeta go before a child's fields",
    'records an error line as an event of the span it was logged in, with errorLogs':
      'defaultMeta is not told the line',
    'gives each line, with the context it was logged in, to the log sink and to nothing else':
      'defaultMeta is not told the line',
  },
})

logContract({
  name: 'winston with traceWinston',
  createLogger: (destination) =>
    ofWinston(traceWinston(winston.createLogger(winstonOptions(destination)))),
})

logContract({
  name: 'bunyan with traceBunyan',
  createLogger: (destination) =>
    traceBunyan(bunyan.createLogger({ name: 'test', stream: stream(destination) })),
})
