/** A log line as a test writes it; the time in milliseconds since 1970, the severity as OTLP numbers it. */
export interface TestLog {
  readonly body: string
  readonly time: number
  readonly severity: number
  readonly trace?: string
  readonly span?: string
}

/** Sends log lines by OTLP. */
export async function sendLogs(url: string, lines: readonly TestLog[]): Promise<void> {
  const logRecords = lines.map(({ body, time, severity, trace, span }) => ({
    timeUnixNano: `${time}000000`,
    severityNumber: severity,
    body: { stringValue: body },
    traceId: trace,
    spanId: span,
  }))
  const attributes = [{ key: 'service.name', value: { stringValue: 'orders' } }]
  const body = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] }
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  const response = await fetch(`${url}/v1/logs`, init)
  if (!response.ok) throw new Error(`The log lines were answered with ${response.status}`)
}
