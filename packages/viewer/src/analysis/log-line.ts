import type { LogLine } from '../contract/logs.ts'
import { attributesToJson, toJson } from '../model/attributes.ts'
import { levelOf } from '../query/log-term.ts'
import type { KeptLog } from '../store/log-store.ts'

/** A log line for the page: API.md, LogLine. */
export function logLine({ id, row }: KeptLog): LogLine {
  return {
    id,
    time: row.micros / 1000,
    level: levelOf(row.severity),
    severity: row.severity || undefined,
    service: row.resource.service,
    body: toJson(row.body) ?? '',
    attributes: attributesToJson(row),
    trace: row.trace || undefined,
    span: row.span || undefined,
    event: row.event || undefined,
    resource: attributesToJson(row.resource.attributes),
  }
}
