import { describe, expect, it } from '@jest/globals'
import { drawLines } from '../runner/draw-lines.js'
import { linesOfTrace } from '../runner/lines-of-trace.js'
import type { LogLine } from '../runner/log-book.js'

const plain = (_style: unknown, text: string): string => text

function line(service: string, second: number, fields: Record<string, unknown> = {}): LogLine {
  const time = `2026-11-22T17:00:0${second}.250Z`
  return { level: 30, time, service, msg: 'done', trace_id: 'a', tenant_id: 'acme', ...fields }
}

describe('the log lines of an order', () => {
  it('say when, who, how grave and what, and not again what the chain says', () => {
    const lines = [
      line('inventory', 1, { level: 40, msg: 'out of stock', sku: 'teapot', left: 0 }),
      line('orders', 2),
    ]
    expect(drawLines(lines, { width: 80, paint: plain })).toEqual([
      '17:00:01.250  inventory  warn   out of stock  sku=teapot left=0',
      '17:00:02.250  orders     info   done',
    ])
  })

  it.each([30, 60, 200])('are never wider than %i columns', (width) => {
    const wide = line('inventory', 1, { msg: 'x'.repeat(100), sku: 'y'.repeat(200) })
    for (const text of drawLines([wide, line('orders', 2, wide)], { width, paint: plain })) {
      expect(text.length).toBeLessThanOrEqual(width)
    }
  })

  it('are waited for until every service has written one', async () => {
    const written = [line('gateway', 1)]
    let look = (): void => {}
    const book = {
      linesOf: () => written,
      watch: (watcher: () => void) => {
        look = watcher
        return () => {}
      },
    }
    const lines = linesOfTrace(book, 'a', ['gateway', 'orders'])
    written.push(line('orders', 2))
    look()
    expect(await lines).toBe(written)
  })
})
