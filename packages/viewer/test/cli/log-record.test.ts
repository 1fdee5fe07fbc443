import { describe, expect, it } from '@jest/globals'
import { readLogLine } from '../../src/cli/log-record.ts'

const trace = 'a1'.repeat(16)
const span = 'b2'.repeat(8)

describe('A JSON log line of a command', () => {
  it.each([
    [
      'pino',
      { level: 50, time: 1_795_365_007_123, msg: 'no stock', trace_id: trace, span_id: span },
    ],
    [
      'winston',
      {
        level: 'error',
        timestamp: '2026-11-22T16:30:07.123Z',
        message: 'no stock',
        traceId: trace,
        spanId: span,
      },
    ],
    [
      'the Elastic Common Schema, with dots',
      {
        'log.level': 'error',
        '@timestamp': '2026-11-22T16:30:07.123Z',
        message: 'no stock',
        'ecs.version': '8.11.0',
        'trace.id': trace,
        'span.id': span,
      },
    ],
    [
      'the Elastic Common Schema, nested',
      {
        log: { level: 'error' },
        '@timestamp': '2026-11-22T16:30:07.123Z',
        message: 'no stock',
        trace: { id: trace },
        span: { id: span },
      },
    ],
    [
      'Google Cloud',
      {
        severity: 'ERROR',
        time: '2026-11-22T16:30:07.123Z',
        message: 'no stock',
        'logging.googleapis.com/trace': `projects/shop/traces/${trace}`,
        'logging.googleapis.com/spanId': span,
        'logging.googleapis.com/trace_sampled': true,
      },
    ],
  ])('of %s is found by its trace, its span, its level and its time', (_, fields) => {
    const line = JSON.stringify({ ...fields, item: 7 })
    const { record } = readLogLine(line, 0) ?? {}
    expect(record).toMatchObject({
      traceId: trace,
      spanId: span,
      severityNumber: 17,
      body: { stringValue: 'no stock' },
    })
    expect(Number(record?.timeUnixNano)).toBeCloseTo(
      Date.parse('2026-11-22T16:30:07.123Z') * 1e6,
      -9,
    )
    expect(record?.attributes).toContainEqual({ key: 'item', value: { intValue: 7 } })
  })

  it('is undefined when it is not a JSON object', () => {
    for (const line of ['', 'plain', '[1]', '"text"', '{"cut": '])
      expect(readLogLine(line, 0)).toBeUndefined()
  })
})
