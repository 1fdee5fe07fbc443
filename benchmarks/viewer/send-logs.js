const BATCH = 1000

/** Sends this many log lines of about 120 bytes, as OTLP JSON. */
export async function sendLogs(viewer, count) {
  for (let first = 0; first < count; first += BATCH) {
    const logRecords = Array.from({ length: BATCH }, (_, at) => record(first + at))
    const resource = { attributes: [text('service.name', 'orders')] }
    const scopeLogs = [{ scope: { name: 'pino' }, logRecords }]
    const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs }] })
    await viewer.send('/v1/logs', body, { 'content-type': 'application/json' })
  }
}

function record(number) {
  return {
    timeUnixNano: `${Date.now() - 600_000 + number}000000`,
    severityNumber: 9,
    traceId: number.toString(16).padStart(32, '1'),
    spanId: number.toString(16).padStart(16, '1'),
    body: {
      stringValue: `order ${number} was placed; its payment is taken when it leaves the house`,
    },
    attributes: [text('tenant.id', `tenant-${number % 50}`), text('order.id', `o-${number}`)],
  }
}

const text = (key, stringValue) => ({ key, value: { stringValue } })
