import { createDatabaseTracer, type DatabaseCall, type DatabaseStatement } from '@callchain/core'
import type { DatabaseServer } from '../driver/database-server.ts'
import { createEndCall, type EndCall } from '../driver/end-call.ts'
import { checkSqlOptions, type SqlOptions } from '../driver/options.ts'
import { type BoundValues, hasValues, shownParameters } from './parameters.ts'
import { createStatementReader } from './statement.ts'
import { withComment } from './traceparent-comment.ts'

/** What is known of a statement besides its text and its values. */
export type StatementDetails = Omit<DatabaseStatement, 'system' | 'text' | 'parameters'>

/** The tracer of one SQL database. */
export interface SqlTracer {
  /** Whether a statement would be traced now. */
  isActive(): boolean
  /** Opens the span of a statement. `values`, where there are any, are bound to it by the driver. */
  send(
    text: string | undefined,
    values: BoundValues | undefined,
    details: StatementDetails,
  ): DatabaseCall
  /** The statement with its trace as a comment; `undefined` where it is to be sent as it is. */
  comment(text: string, call: DatabaseCall): string | undefined
  /** Opens the span of waiting for a connection. */
  checkOut(name: string, server: DatabaseServer): DatabaseCall
  readonly end: EndCall
}

/** Makes the tracer of a `db.system.name`. Throws a TypeError for options that are not allowed. */
export function createSqlTracer(system: string, options: SqlOptions): SqlTracer {
  checkSqlOptions(options)
  const tracer = createDatabaseTracer(options)
  const statements = createStatementReader(system)
  const unseen = { system }
  return {
    isActive: tracer.isActive,
    send: (text, values, details) => {
      if (!tracer.isObserved()) return tracer.send(unseen)
      const statement = text === undefined ? undefined : statements.read(text, hasValues(values))
      const parameters = shownParameters(options.captureParameters, text ?? '', values)
      const summary = details.summary ?? statement?.summary
      const { operation, collection, namespace, serverAddress, serverPort, batchSize } = details
      // Field by field: spreading the details costs more than all the rest of the work for a statement.
      return tracer.send({
        system,
        summary,
        text: statement?.text,
        operation,
        collection,
        namespace,
        serverAddress,
        serverPort,
        batchSize,
        parameters,
      })
    },
    comment: (text, call) => (options.sqlcommenter ? withComment(text, call) : undefined),
    checkOut: (name, server) => tracer.checkOut(name, { system, ...server }),
    end: createEndCall(system, options),
  }
}
