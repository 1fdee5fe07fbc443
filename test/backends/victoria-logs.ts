/** A log record as VictoriaLogs gives it back: text by field. */
export type StoredLog = Readonly<Record<string, string>>

/** Where log records are sent to. */
export const victoriaLogsEndpoint = `${process.env.VICTORIALOGS_URL}/insert/opentelemetry/v1/logs`

/** The log records that a query in LogsQL finds. They are seen about a second after they came. */
export async function searchLogs(query: string): Promise<StoredLog[]> {
  const url = `${process.env.VICTORIALOGS_URL}/select/logsql/query?${new URLSearchParams({ query })}`
  const answer = await fetch(url)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`VictoriaLogs answered ${answer.status}: ${text}`)
  const lines = text.split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as StoredLog)
}
