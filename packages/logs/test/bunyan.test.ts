import { createRecorder } from '@callchain/testing'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import bunyan from 'bunyan'
import { traceBunyan } from '../src/bunyan.ts'
import { inRequest, TRACE } from './in-request.ts'

const recorder = createRecorder()
const records: unknown[] = []

beforeEach(() => {
  records.length = 0
})
afterAll(() => recorder.shutdown())

function logger(): bunyan {
  const stream = {
    write: (record: unknown) => records.push(record),
  } as unknown as NodeJS.WritableStream
  return bunyan.createLogger({ name: 'test', streams: [{ type: 'raw', stream }] })
}

describe('traceBunyan', () => {
  it('returns the same logger, and gives raw streams the fields too', () => {
    const log = logger()
    expect(traceBunyan(traceBunyan(log))).toBe(log)
    inRequest('tenant.id=acme', () => log.info('x'))
    expect(records).toEqual([expect.objectContaining({ trace_id: TRACE, tenant_id: 'acme' })])
  })

  it('traces the children of children, with the same names', () => {
    const child = traceBunyan(logger(), { preset: 'ecs' }).child({ a: 1 }).child({ b: 2 }, true)
    inRequest('', () => child.info('x'))
    expect(records).toEqual([expect.objectContaining({ a: 1, b: 2, 'trace.id': TRACE })])
  })

  it('refuses what is no bunyan logger', () => {
    expect(() => traceBunyan({} as bunyan)).toThrow(TypeError)
  })
})
