import { describe, expect, it } from '@jest/globals'
import { drawChain } from '../runner/draw-chain.js'
import { painter } from '../runner/paint.js'
import { slowOrder, span } from './spans.ts'

const plain = (_style: unknown, text: string): string => text

describe('the drawing of a chain', () => {
  it('shows the services, who it was for, what each call reached, and the slow statement', () => {
    expect(drawChain(slowOrder(), { width: 100, paint: plain }).join('\n')).toBe(
      [
        'POST /orders  201  acme · ada                                 trace 4bf92f3577b34da6a3ce929d0e0e4736',
        'gateway    POST /orders              ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   620 ms  201',
        'gateway    └ POST → inventory        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━    610 ms  201',
        'inventory    └ POST /reservations    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━    604 ms  201',
        'inventory      └ SELECT stock_level  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━    600 ms       ◀ slow',
        '                 SELECT available FROM stock_level WHERE sku = $1',
      ].join('\n'),
    )
  })

  it('shows when a span ran even if its name is short', () => {
    const [, line = ''] = drawChain([span({})], { width: 80, paint: plain })
    expect(line).toContain('━━━━')
  })

  it.each([50, 60, 80, 120, 200])('never writes a line wider than %i columns', (width) => {
    const long = span({
      failed: true,
      name: 'SELECT '.repeat(40),
      message: 'x'.repeat(300),
      attributes: { 'db.query.text': 'SELECT 1 '.repeat(99), 'error.type': 'E'.repeat(90) },
    })
    for (const line of drawChain([...slowOrder(), long], { width, paint: plain })) {
      expect(line.length).toBeLessThanOrEqual(width)
    }
  })
})

describe('colours', () => {
  const terminal = { isTTY: true } as NodeJS.WriteStream
  const pipe = { isTTY: false } as NodeJS.WriteStream

  it.each([
    ['a terminal', terminal, {}, true],
    ['a pipe', pipe, {}, false],
    ['a terminal under NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['a pipe under FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
    ['a terminal under FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
  ])('are right for %s', (_case, stream, environment, coloured) => {
    expect(painter(stream, environment)('red', 'x') !== 'x').toBe(coloured)
  })
})
