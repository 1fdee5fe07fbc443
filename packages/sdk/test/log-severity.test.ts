import { describe, expect, it } from '@jest/globals'
import { readLogLine } from '../../viewer/src/cli/log-record.ts'
import { severityOf } from '../src/logs/log-severity.ts'

const words =
  'silly trace debug verbose http info notice warn warning error crit critical alert fatal emerg'

describe('The severity of a line', () => {
  it.each(words.split(' '))('is the same for %j over OTLP and in the viewer', (level) => {
    const { severityNumber } = severityOf(level)
    expect(severityNumber).toBeGreaterThan(0)
    expect(readLogLine(JSON.stringify({ level }), 0)?.record.severityNumber).toBe(severityNumber)
  })

  it.each(['constructor', 'toString', '__proto__', 'loud', undefined])(
    'is not known for %j',
    (level) => expect(severityOf(level).severityNumber).toBe(0),
  )
})
