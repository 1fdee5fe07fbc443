import type { Attributes } from '@opentelemetry/api'
import * as key from '../http/attributes.ts'
import type { DatabaseStatement } from './statement.ts'

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongodb: 27017,
  redis: 6379,
  'microsoft.sql_server': 1433,
}

/**
 * The attributes that a statement's span and its duration share (database conventions, "Span
 * definition" and "db.client.operation.duration").
 */
export function sharedAttributes(statement: DatabaseStatement): Attributes {
  const attributes: Attributes = { [key.DB_SYSTEM_NAME]: statement.system }
  const { summary, operation, collection } = statement
  if (summary !== undefined) attributes[key.DB_QUERY_SUMMARY] = summary
  if (operation !== undefined) attributes[key.DB_OPERATION_NAME] = operation
  if (collection !== undefined) attributes[key.DB_COLLECTION_NAME] = collection
  addServer(attributes, statement)
  return attributes
}

/** Adds where a statement goes to. */
export function addServer(
  attributes: Attributes,
  { system, namespace, serverAddress, serverPort }: DatabaseStatement,
): void {
  if (namespace !== undefined) attributes[key.DB_NAMESPACE] = namespace
  if (serverAddress !== undefined) attributes[key.SERVER_ADDRESS] = serverAddress
  if (serverPort !== undefined && serverPort !== DEFAULT_PORTS[system]) {
    attributes[key.SERVER_PORT] = serverPort
  }
}

/** The attributes a statement's span begins with. */
export function statementAttributes(statement: DatabaseStatement): Attributes {
  const attributes = sharedAttributes(statement)
  const { text, batchSize, parameters } = statement
  if (text !== undefined) attributes[key.DB_QUERY_TEXT] = text
  if (batchSize !== undefined && batchSize !== 1) {
    attributes[key.DB_OPERATION_BATCH_SIZE] = batchSize
  }
  if (parameters !== undefined) {
    for (const [name, value] of Object.entries(parameters)) {
      attributes[key.DB_QUERY_PARAMETER_PREFIX + name] = value
    }
  }
  return attributes
}

/** The span's name (database conventions, "Name"). */
export function statementName({
  system,
  summary,
  operation,
  collection,
  namespace,
}: DatabaseStatement): string {
  if (summary !== undefined) return summary
  const target = collection ?? namespace
  if (operation === undefined) return target ?? system
  return target === undefined || system === 'redis' ? operation : `${operation} ${target}`
}
